# shellcheck shell=dash
# The conf file of a story: every key of the sample, with values for the throw-away servers. A
# story sets C_... variables before desk_conf and calls it again to change them; all are listed
# here.
# SPDX-License-Identifier: GPL-3.0-or-later

# desk_conf [FILE]: writes FILE ($T/madoguchi.conf) and the secrets beside it. Words are put
# between quotes here; variables marked "raw" are libconfig text (lists with their brackets, true,
# numbers). C_..._MORE is raw text added inside the group of that name.
desk_conf() {
	(umask 077 && echo "$DESK_PASSWORD" >"$T/imap.password" &&
		echo "$DESK_PASSWORD" >"$T/smtp.password")
	_passfile=
	if [ -n "$DESK_PASSPHRASE" ]; then
		_passfile=$T/pgp.passphrase
		(umask 077 && echo "$DESK_PASSPHRASE" >"$_passfile")
	fi
	_ipa_keys=[]
	if [ -n "$IPA_FPR" ]; then _ipa_keys="[\"$IPA_FPR\"]"; fi
	conf_text >"${1:-$T/madoguchi.conf}"
	chmod 600 "${1:-$T/madoguchi.conf}"
}

# conf_text: prints the whole file.
conf_text() {
	cat <<-END
	state_dir = "${C_STATE_DIR-$T/state}"
	hours = "${C_HOURS-09:00-18:00}"
	alert_command = "${C_ALERT_COMMAND-}"
	reader_timeout = ${C_READER_TIMEOUT-30}
	feed_file = "${C_FEED_FILE-}"
	${C_MORE-}
	desk: {
	    www: {
	$(conf_desk)
	    }
	    ${C_DESKS_MORE-}
	}
	coordinator: {
	    IPA: {
	        addresses = ${C_IPA_ADDRESSES-[\"vuln-contact@ipa.go.jp\"]}
	        number = "${C_IPA_NUMBER-IPA#([0-9]{8\})}"
	        keys = ${C_IPA_KEYS-$_ipa_keys}
	        root_key = "${C_IPA_ROOT_KEY-}"
	        enquiries = "${C_IPA_ENQUIRIES-vuln-inq@ipa.go.jp}"
	        remediation = "${C_IPA_REMEDIATION-3 months}"
	        phrases = "${C_IPA_PHRASES-$SRC/conf/ipa.phrases}"
	        smime = ${C_IPA_SMIME-[\"ipa.go.jp\"]}
	    }
	    ${C_COORDINATORS_MORE-}
	}
	form: {
	    contact: {
	        from = ${C_FORM_FROM-[\"www@example.co.jp\"]}
	        text_field = "${C_FORM_TEXT_FIELD-お問い合わせ内容}"
	        reply_field = "${C_FORM_REPLY_FIELD-メールアドレス}"
	        only_if = "${C_FORM_ONLY_IF-}"
	    }
	    ${C_FORMS_MORE-}
	}
	staff: {
	    officer: {
	        address = "${C_OFFICER_ADDRESS-officer@example.co.jp}"
	        role = "${C_OFFICER_ROLE-officer}"
	        desks = ${C_OFFICER_DESKS-[]}
	        key = "${C_OFFICER_KEY-$OFFICER_FPR}"
	        language = "${C_OFFICER_LANGUAGE-ja}"
	        digest_at = "${C_DIGEST_AT-}"
	        digest_days = "${C_DIGEST_DAYS-business}"
	        alerts = ${C_ALERTS-true}
	        deputy = "${C_OFFICER_DEPUTY-}"
	    }
	    ${C_STAFF_MORE-}
	}
	calendar: {
	    country = "${C_COUNTRY-JP}"
	    closed = ${C_CLOSED-[\"12-29..01-03\"]}
	    holidays = "${C_HOLIDAYS-}"
	    overrides = "${C_OVERRIDES-}"
	}
	END
}

# conf_desk: prints what stands inside desk.www.
conf_desk() {
	cat <<-END
	name = "${C_NAME-例示株式会社 セキュリティ窓口}"
	address = "${C_ADDRESS-security@example.co.jp}"
	aliases = ${C_ALIASES-[]}
	sites = ${C_SITES-[\"https://www.example.co.jp/\"]}
	language = "${C_LANGUAGE-ja}"
	time_zone = "${C_TIME_ZONE-Asia/Tokyo}"
	trusted_authserv_id = ${C_AUTHSERV-[\"mx.example.co.jp\"]}
	keep_unrelated = ${C_KEEP_UNRELATED-false}
	${C_DESK_MORE-}
	imap: {
	    url = "${C_IMAP_URL-imaps://127.0.0.1:$IMAPS_PORT}"
	    tls = "${C_IMAP_TLS-required}"
	    ca_file = "${C_IMAP_CA-$T/ca.pem}"
	    pin = "${C_IMAP_PIN-}"
	    user = "${C_IMAP_USER-desk}"
	    password_file = "${C_IMAP_PASSWORD_FILE-imap.password}"
	    password_command = "${C_IMAP_PASSWORD_COMMAND-}"
	    auth = "${C_IMAP_AUTH-auto}"
	    folders = ${C_FOLDERS-[\"INBOX\", \"Junk\"]}
	    sent_folder = "${C_SENT_FOLDER-Sent}"
	    save_sent = ${C_SAVE_SENT-true}
	    after = "${C_AFTER-keep}"
	    idle = ${C_IDLE-true}
	    poll_interval = ${C_POLL_INTERVAL-1}
	    max_size = ${C_MAX_SIZE-52428800}
	}
	smtp: {
	    url = "${C_SMTP_URL-smtps://127.0.0.1:$SMTPS_PORT}"
	    tls = "${C_SMTP_TLS-required}"
	    user = "${C_SMTP_USER-desk}"
	    ca_file = "${C_SMTP_CA-$T/ca.pem}"
	    pin = "${C_SMTP_PIN-}"
	    password_file = "${C_SMTP_PASSWORD_FILE-smtp.password}"
	    password_command = "${C_SMTP_PASSWORD_COMMAND-}"
	    auth = "${C_SMTP_AUTH-auto}"
	}
	pgp: {
	    home = "${C_PGP_HOME-$T/gnupg}"
	    key = "${C_PGP_KEY-$DESK_FPR}"
	    passphrase_file = "${C_PASSPHRASE_FILE-$_passfile}"
	}
	acknowledge: {
	    contact = "${C_CONTACT-auto}"
	    encryption = "${C_ENCRYPTION-auto}"
	    details = "${C_DETAILS-auto}"
	    follow_up = "${C_FOLLOW_UP-off}"
	    finder = "${C_FINDER-hold}"
	    without_key = "${C_WITHOUT_KEY-hold}"
	    max_age = "${C_MAX_AGE-7 days}"
	    per_day = ${C_PER_DAY-20}
	}
	smime: {
	    roots = "${C_SMIME_ROOTS-}"
	    trust = "${C_SMIME_TRUST-authenticated}"
	}
	deadline: {
	    acknowledge = "${C_DUE_ACKNOWLEDGE-1 business day}"
	    contact = "${C_DUE_CONTACT-3 business days}"
	    encryption = "${C_DUE_ENCRYPTION-3 business days}"
	    investigation = "${C_DUE_INVESTIGATION-10 business days}"
	    finder = "${C_DUE_FINDER-5 business days}"
	    vendor_receipt = "${C_DUE_VENDOR_RECEIPT-2 business days}"
	    their_answer = "${C_DUE_THEIR_ANSWER-10 business days}"
	    warn_before = "${C_WARN_BEFORE-3 business days}"
	}
	END
}
