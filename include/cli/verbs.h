/*
 * The verbs, family by family, as the table in madoguchi.c calls them: each does
 * its command, prints, and gives the exit status.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

struct cli;

/* case.c, case_show.c */
int verb_case_list(struct cli *cli);
int verb_case_show(struct cli *cli);

/* case_open.c, case_set.c: the record */
int verb_case_open(struct cli *cli);
int verb_case_set(struct cli *cli);
int verb_case_site(struct cli *cli);
int verb_case_finder(struct cli *cli);

/* case_change.c: the case as a whole */
int verb_case_take(struct cli *cli);
int verb_case_assign(struct cli *cli);
int verb_case_note(struct cli *cli);
int verb_case_call(struct cli *cli);
int verb_case_close(struct cli *cli);
int verb_case_reopen(struct cli *cli);

/* case_plan.c: what is owed, and what is done */
int verb_case_tick(struct cli *cli);
int verb_case_untick(struct cli *cli);
int verb_case_due(struct cli *cli);
int verb_case_done(struct cli *cli);
int verb_case_incident(struct cli *cli);

/* export.c */
int verb_export(struct cli *cli);

/* report.c */
int verb_report(struct cli *cli);

/* sheet.c */
int verb_sheet(struct cli *cli);

/* calendar.c */
int verb_calendar(struct cli *cli);

/* case_merge.c, case_split.c */
int verb_case_merge(struct cli *cli);
int verb_case_split(struct cli *cli);

/* case_undo.c */
int verb_case_undo(struct cli *cli);

/* message.c */
int verb_message_list(struct cli *cli);
int verb_message_show(struct cli *cli);

/* why.c */
int verb_message_why(struct cli *cli);

/* judge.c: a person's word on a message */
int verb_message_file(struct cli *cli);
int verb_message_trust(struct cli *cli);
int verb_message_forged(struct cli *cli);

/* reply.c */
int verb_reply(struct cli *cli);

/* forward.c */
int verb_forward(struct cli *cli);

/* outbox.c */
int verb_outbox_list(struct cli *cli);
int verb_outbox_release(struct cli *cli);
int verb_outbox_retry(struct cli *cli);
int verb_outbox_drop(struct cli *cli);

/* keys.c */
int verb_keys_list(struct cli *cli);
int verb_keys_import(struct cli *cli);

/* keys_roll.c */
int verb_keys_roll(struct cli *cli);

/* keys_check.c */
int verb_keys_check(struct cli *cli);

/* backup.c, restore.c */
int verb_backup(struct cli *cli);
int verb_restore(struct cli *cli);

/* init.c */
int verb_init(struct cli *cli);

/* store.c */
int verb_verify(struct cli *cli);

/* doctor.c */
int verb_doctor(struct cli *cli);

/* drill.c */
int verb_drill(struct cli *cli);

/* status.c */
int verb_status(struct cli *cli);

/* ingest.c */
int verb_ingest(struct cli *cli);

/* replay.c */
int verb_replay(struct cli *cli);

/* reconcile.c */
int verb_reconcile(struct cli *cli);

/* digest.c */
int verb_digest(struct cli *cli);

#endif
