/*
 * The service manager's socket, over libsystemd, which alone includes its
 * header.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/notify.h"

#ifdef HAVE_LIBSYSTEMD

#include <limits.h>
#include <systemd/sd-daemon.h>

void
notify_ready(void)
{
	sd_notify(0, "READY=1");
}

void
notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void
notify_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}

int
notify_interval_ms(void)
{
	uint64_t usec;

	if (sd_watchdog_enabled(0, &usec) <= 0)
		return -1;
	return usec / 2000 > INT_MAX ? INT_MAX : (int)(usec / 2000);
}

#else

void
notify_ready(void)
{
}

void
notify_stopping(void)
{
}

void
notify_alive(void)
{
}

int
notify_interval_ms(void)
{
	return -1;
}

#endif
