/*
 * host: is a name or an address this machine's own?
 *
 * Layer 1.  Uses: nothing.  Asks no name server.
 *
 * Under systemd hikaed has a network of its own, with the loopback address
 * alone: there this machine's other addresses are not known.
 */
#ifndef HIKAE_OS_HOST_H
#define HIKAE_OS_HOST_H

#include <stdbool.h>

/*
 * "localhost" and what is below it (RFC 6761, section 6.3), loopback addresses
 * (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3), the unspecified ones,
 * which Linux connects to itself, the machine's name with or without a domain,
 * and the addresses of its interfaces.  A scope ("fe80::1%eth0") is passed
 * over.  What such a server has may still lie elsewhere: behind a tunnel.
 */
bool host_is_own(const char *name);

#endif
