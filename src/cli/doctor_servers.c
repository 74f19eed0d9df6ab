/*
 * What the wires found of a desk's mailbox and smarthost, as lines. The words of
 * a server come from the wires, printable; here is only what to do about them.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/trials.h"
#include "port/conf.h"
#include "port/imap.h"

#include <string.h>

#define TLS_SOON_DAYS 14	/* renewing by itself happens earlier than that */

/* One of a desk's two servers, and the words for it. */
struct side {
	const char *title;
	const char *name;	/* "imap" or "smtp": its group in the conf, and its checks' beginning */
	const struct conf_server *server;
};

static const char *
check_of(struct doctor *doctor, const struct side *side, const char *what)
{
	return arena_printf(doctor->cli->arena, "%s-%s", side->name, what);
}

static const char *
key_of(struct doctor *doctor, const struct side *side, const char *key)
{
	return doctor_do(doctor, "desk.%s.%s.%s", side->title, side->name, key);
}

static void
tell_connect(struct doctor *doctor, const struct side *side, const struct trial *step)
{
	const char *host = side->server->host;
	const char *url = key_of(doctor, side, "url");

	if (step->outcome != DONE && step->step == TRIAL_NAME)
		doctor_bad(doctor, side->title, check_of(doctor, side, "connect"),
			doctor_do(doctor, "see whether %s names the right host, and whether this "
					  "machine resolves it: getent hosts %s", url, host),
			"%s", step->err.text);
	else if (step->outcome != DONE)
		doctor_bad(doctor, side->title, check_of(doctor, side, "connect"),
			doctor_do(doctor, "see whether %s names the right host and port, the server "
					  "runs, and no firewall stands between", url),
			"%s", step->err.text);
	else if (step->step == TRIAL_CONNECT)
		doctor_ok(doctor, side->title, check_of(doctor, side, "connect"),
			"%s port %d answers", host, side->server->port);
}

static const char *
tls_remedy(struct doctor *doctor, const struct side *side, const struct trial *step)
{
	const char *said = step->err.text;

	if (step->at != 0 && step->at <= doctor->cli->now)
		return doctor_do(doctor, "renew the certificate of %s: it ended on %s",
			side->server->host, doctor_date(doctor, step->at, side->title));
	if (strstr(said, "pinned") != NULL)
		return doctor_do(doctor, "ask the server's operator whether its key is a new one, then "
					 "change %s", key_of(doctor, side, "pin"));
	if (strstr(said, "STARTTLS") != NULL)
		return doctor_do(doctor, "use the port with TLS from the start (%ss://) in %s",
			side->name, key_of(doctor, side, "url"));
	if (strstr(said, "does not match") != NULL)
		return doctor_do(doctor, "use a name that stands in the certificate in %s",
			key_of(doctor, side, "url"));
	if ((step->bits & TRIAL_SELF_SIGNED) != 0)
		return doctor_do(doctor, "it is signed by itself: name a file with that certificate in "
					 "%s, after its operator has told you its fingerprint",
			key_of(doctor, side, "ca_file"));
	if (step->at != 0)
		return doctor_do(doctor, "name the authority that signed the certificate in %s",
			key_of(doctor, side, "ca_file"));
	return doctor_do(doctor, "see whether %s names a port that speaks TLS as %s says",
		key_of(doctor, side, "url"), key_of(doctor, side, "tls"));
}

static void
tell_tls(struct doctor *doctor, const struct side *side, const struct trial *step)
{
	const char *check = check_of(doctor, side, "tls");
	const char *until = doctor_date(doctor, step->at, side->title);

	if (step->outcome != DONE)
		doctor_bad(doctor, side->title, check, tls_remedy(doctor, side, step), "%s",
			step->err.text);
	else if (step->at == 0)
		doctor_ok(doctor, side->title, check, "the certificate is good");
	else if (doctor_days(doctor, step->at) < TLS_SOON_DAYS)
		doctor_hint(doctor, side->title, check,
			doctor_do(doctor, "renew the certificate of %s", side->server->host),
			"the certificate is good until %s only (%ld days)", until,
			doctor_days(doctor, step->at));
	else
		doctor_ok(doctor, side->title, check, "the certificate is good until %s (%ld days)",
			until, doctor_days(doctor, step->at));
}

static const char *
login_remedy(struct doctor *doctor, const struct side *side)
{
	if (side->server->password_command[0] != '\0')
		return doctor_do(doctor,
			"run the command of %s by hand, as this user: what it prints first must be "
			"the password or token of %s",
			key_of(doctor, side, "password_command"), key_of(doctor, side, "user"));
	return doctor_do(doctor, "see whether %s, auth and the first line of %s are right",
		key_of(doctor, side, "user"), side->server->password_file);
}

static void
tell_login(struct doctor *doctor, const struct side *side, const struct trial *step)
{
	const struct conf_server *server = side->server;
	const char *check = check_of(doctor, side, "login");

	if (step->outcome != DONE)
		doctor_bad(doctor, side->title, check, login_remedy(doctor, side), "%s",
			step->err.text);
	else if (server->user[0] == '\0')
		doctor_ok(doctor, side->title, check, "none is wanted");
	else
		doctor_ok(doctor, side->title, check, "logged in as %s", server->user);
}

static void
tell_abilities(struct doctor *doctor, const struct side *side, const struct trial *step,
	const struct conf_imap *imap)
{
	const char *check = check_of(doctor, side, "abilities");
	bool idle = (step->bits & IMAP_CAN_IDLE) != 0;
	bool move = (step->bits & (IMAP_CAN_MOVE | IMAP_CAN_UIDPLUS)) != 0;
	struct text can;

	if (imap->after == AFTER_MOVE && !move) {
		doctor_bad(doctor, side->title, check,
			doctor_do(doctor, "desk.%s.imap.after = \"flag\" or \"keep\"", side->title),
			"the server knows neither MOVE nor UIDPLUS: filed mail cannot be moved");
		return;
	}
	if (imap->idle && !idle) {
		doctor_hint(doctor, side->title, check,
			doctor_do(doctor, "a short %s finds new mail sooner",
				key_of(doctor, side, "poll_interval")),
			"the server knows no IDLE: mail is seen every %d s", imap->poll_interval);
		return;
	}
	text_init(&can, doctor->cli->arena, 200);
	text_add(&can, idle ? " IDLE" : "");
	text_add(&can, (step->bits & IMAP_CAN_MOVE) != 0 ? " MOVE" : "");
	text_add(&can, (step->bits & IMAP_CAN_UIDPLUS) != 0 ? " UIDPLUS" : "");
	text_add(&can, (step->bits & IMAP_CAN_LITERAL) != 0 ? " LITERAL+" : "");
	text_add(&can, (step->bits & IMAP_CAN_ACL) != 0 ? " ACL" : "");
	doctor_ok(doctor, side->title, check, "the server can:%s", can.data);
}

static void
tell_folder(struct doctor *doctor, const struct side *side, const struct trial *step,
	const struct conf_imap *imap)
{
	const char *check = check_of(doctor, side, "folder");
	const char *folder;

	if (step->index >= imap->folders.count)
		return;
	folder = imap->folders.at[step->index];
	if (step->outcome == DONE)
		doctor_ok(doctor, side->title, check, "%s is there", folder);
	else
		doctor_bad(doctor, side->title, check,
			doctor_do(doctor, "make the folder %s, or take it out of %s", folder,
				key_of(doctor, side, "folders")),
			"%s: %s", folder, step->err.text);
}

static void
tell_sent(struct doctor *doctor, const struct side *side, const struct trial *step,
	const struct conf_imap *imap)
{
	const char *check = check_of(doctor, side, "sent");
	const char *folder = imap->sent_folder;

	if (step->outcome != DONE)
		doctor_bad(doctor, side->title, check,
			doctor_do(doctor, "make the folder %s, or name the right one in %s", folder,
				key_of(doctor, side, "sent_folder")),
			"%s: %s", folder, step->err.text);
	else if ((step->bits & TRIAL_WRITABLE) == 0 && imap->save_sent)
		doctor_bad(doctor, side->title, check,
			doctor_do(doctor, "give %s the right to write there, name another in %s, or "
					  "save_sent = false", side->server->user,
				key_of(doctor, side, "sent_folder")),
			"%s can only be read: no copy of what is sent can be kept", folder);
	else
		doctor_ok(doctor, side->title, check, "%s is there%s", folder,
			imap->save_sent ? " and can be written" : "");
}

static void
tell_newest(struct doctor *doctor, const struct side *side, const struct trial *step)
{
	if (step->outcome == DONE)
		doctor_seen(doctor, step->at, "the mail server's date of the newest mail");
	else
		doctor_bad(doctor, side->title, check_of(doctor, side, "fetch"),
			"look into the mail server's log", "the newest mails cannot be fetched: %s",
			step->err.text);
}

static void
tell_envelope(struct doctor *doctor, const struct side *side, const struct trial *step)
{
	bool sender = step->step == TRIAL_SENDER;
	const char *window = doctor->cli->conf->policy.desks[0].address;

	for (size_t i = 0; i < doctor->cli->conf->policy.desk_count; i++) {
		if (text_equal(doctor_title(doctor, i), side->title))
			window = doctor->cli->conf->policy.desks[i].address;
	}
	if (step->outcome == DONE)
		doctor_ok(doctor, side->title,
			check_of(doctor, side, sender ? "sender" : "recipient"),
			sender ? "it takes mail from the window's address"
			       : "it takes mail to a coordinator");
	else if (sender)
		doctor_bad(doctor, side->title, check_of(doctor, side, "sender"),
			doctor_do(doctor, "let the server allow %s to send as %s, or change "
					  "desk.%s.address",
				side->server->user[0] != '\0' ? side->server->user : "this host",
				window, side->title),
			"%s", step->err.text);
	else
		doctor_bad(doctor, side->title, check_of(doctor, side, "recipient"),
			doctor_do(doctor, "let the server relay mail for %s, or see whether %s names "
					  "the right server",
				side->server->user[0] != '\0' ? side->server->user : "this host",
				key_of(doctor, side, "url")),
			"%s", step->err.text);
}

static void
tell_step(struct doctor *doctor, const struct side *side, const struct trial *step,
	const struct conf_imap *imap)
{
	switch (step->step) {
	case TRIAL_NAME:
	case TRIAL_CONNECT:
		tell_connect(doctor, side, step);
		break;
	case TRIAL_TLS:
		tell_tls(doctor, side, step);
		break;
	case TRIAL_PASSWORD:
	case TRIAL_LOGIN:
		tell_login(doctor, side, step);
		break;
	case TRIAL_ABILITIES:
		tell_abilities(doctor, side, step, imap);
		break;
	case TRIAL_FOLDER:
		tell_folder(doctor, side, step, imap);
		break;
	case TRIAL_NEWEST:
		tell_newest(doctor, side, step);
		break;
	case TRIAL_SENT:
		tell_sent(doctor, side, step, imap);
		break;
	default:
		tell_envelope(doctor, side, step);
	}
}

static void
tell_wire(struct doctor *doctor, const struct side *side, const struct trials_wire *wire,
	const struct conf_imap *imap)
{
	for (size_t i = 0; i < wire->count; i++)
		tell_step(doctor, side, &wire->steps[i], imap);
	if (wire->cut)
		doctor_bad(doctor, side->title, check_of(doctor, side, "time"),
			doctor_do(doctor, "see whether %s is overloaded, and ask again",
				side->server->host),
			"the trial of %s did not come to its end", side->server->host);
}

void
doctor_mailbox(struct doctor *doctor, size_t desk)
{
	const struct conf_imap *imap = &doctor->cli->conf->desks[desk].imap;
	const struct side side = { doctor_title(doctor, desk), "imap", &imap->server };

	tell_wire(doctor, &side, &doctor->found[desk].mailbox, imap);
}

void
doctor_smarthost(struct doctor *doctor, size_t desk)
{
	const struct conf_desk *ports = &doctor->cli->conf->desks[desk];
	const struct side side = { doctor_title(doctor, desk), "smtp", &ports->smtp };

	tell_wire(doctor, &side, &doctor->found[desk].smarthost, &ports->imap);
}
