/*
 * Telling systemd how the service is (sd_notify), over libsystemd where
 * configure found it; nothing elsewhere and when systemd did not start us.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_NOTIFY_H
#define PORT_NOTIFY_H

#include <stdint.h>

/* The service is ready. */
void notify_ready(void);

/* It is about to end. */
void notify_stopping(void);

/* It is alive: to be called at least each notify_interval_ms(). */
void notify_alive(void);

/* Half of the watchdog's time in milliseconds, -1 when there is no watchdog. */
int notify_interval_ms(void);

#endif
