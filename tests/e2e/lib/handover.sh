# shellcheck shell=dash
# A case that has come far, with everything that a sheet or a page of it can tell; for the story of
# handing over and for the pictures in doc/.
# SPDX-License-Identifier: GPL-3.0-or-later

# handover_desk: the conf, with staff of each role, and the daemon.
handover_desk() {
	C_STAFF_MORE='boss: { address = "cio@example.co.jp"; role = "decision-maker"; key = ""; digest_at = ""; alerts = false; };
		dev: { address = "dev@example.co.jp"; role = "implementer"; key = ""; digest_at = ""; alerts = false; language = "en"; };
		ops: { address = "ops@example.co.jp"; role = "implementer"; key = ""; digest_at = ""; alerts = false; };
		vendor: { address = "support@vendor.example.jp"; role = "vendor"; key = ""; digest_at = ""; alerts = false; };
		other: { address = "other@example.co.jp"; role = "implementer"; desks = ["shop"]; key = ""; digest_at = ""; alerts = false; };'
	imap desk create Shop
	_passfile=
	C_DESKS_MORE=$(printf 'shop: {\n%s\n}' "$(C_NAME=Shop C_ADDRESS=shop@example.co.jp C_SITES='["https://shop.example.co.jp/"]' \
		C_FOLDERS='["Shop"]' conf_desk)")
	desk_conf
	daemon_start
}

# handover_case: case 1 in the phase of planning, what came sealed marked with $MARK, what came in clear
# with $CLEAR_MARK.
handover_case() {
	MARK=$(new_mark)
	CLEAR_MARK=$(new_mark)
	mail_send "$(mk_contact 12345678 --mark "$CLEAR_MARK")"
	inbox_wait ipa 1
	mail_send "$(mk_encryption 12345678)"
	inbox_wait ipa 2
	mail_send "$(mk_details 12345678 --mark "$MARK" --attach-mark)"
	inbox_wait ipa 3
	mail_send "$(mk_reminder 12345678)"
	wait_for 10 '[ "$(case_get 1 "len(d[\"message_list\"])")" -ge 7 ]' 'the seventh message'
	daemon_stop
	tool case take 1 --as officer
	for item in 1.4 1.5 1.6 1.7 2.1 2.2 2.3 2.4 3.1 3.2; do
		tool case tick 1 "$item" --as officer
	done
	tool case due 1 their-answer '2026-12-11 17:00' --as officer
	tool case incident 1 --as officer
	tool case due 1 authority-report '3 days' --as boss
	tool case tick 1 stop-site --as dev
	tool case note 1 '委託先の担当者は <来週> まで不在 & 連絡は代表電話へ' --as officer
}
