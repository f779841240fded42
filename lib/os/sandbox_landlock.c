/* landlock(7), Documentation/userspace-api/landlock.rst of Linux. */
#include <errno.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/sandbox_internal.h"

/* Rights that are newer than the headers of Debian 12 (Linux 6.1). */
#define FS_TRUNCATE SANDBOX_FS_TRUNCATE
#define FS_IOCTL_DEV (UINT64_C(1) << 15)	 /* Linux 6.10 */
#define NET_BIND_TCP (UINT64_C(1) << 0)		 /* Linux 6.7 */
#define NET_CONNECT_TCP (UINT64_C(1) << 1)	 /* Linux 6.7 */
#define RULE_NET_PORT 2				 /* Linux 6.7 */
#define SCOPE_ABSTRACT_SOCKET (UINT64_C(1) << 0) /* Linux 6.12 */
#define SCOPE_SIGNAL (UINT64_C(1) << 1)		 /* Linux 6.12 */

/* Every right of the first ABI: bits 0 (EXECUTE) to 12 (MAKE_SYM). */
#define FS_FIRST_ABI (LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1)

/*
 * struct landlock_ruleset_attr of Linux 6.12.  An older kernel accepts the
 * longer structure as long as what it does not know is zero.
 */
struct ruleset {
	uint64_t fs, net, scope;
};

/* What each ABI added. */
static const struct {
	int abi;
	struct ruleset rights;
} abi_table[] = {
    {1, {FS_FIRST_ABI, 0, 0}},			       /* Linux 5.13 */
    {2, {LANDLOCK_ACCESS_FS_REFER, 0, 0}},	       /* Linux 5.19 */
    {3, {FS_TRUNCATE, 0, 0}},			       /* Linux 6.2 */
    {4, {0, NET_BIND_TCP | NET_CONNECT_TCP, 0}},       /* Linux 6.7 */
    {5, {FS_IOCTL_DEV, 0, 0}},			       /* Linux 6.10 */
    {6, {0, 0, SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL}}, /* Linux 6.12 */
    {7, {0, 0, 0}}, /* Linux 6.15: audit only */
};

/* The newest ABI that the kernel, this file and the caller agree on. */
static int
choose_abi(int abi_max)
{
	const size_t count = sizeof(abi_table) / sizeof(abi_table[0]);
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 1)
		return 0;
	if (abi > abi_table[count - 1].abi)
		abi = abi_table[count - 1].abi;
	if (abi_max > 0 && abi > abi_max)
		abi = abi_max;
	return (int)abi;
}

static struct ruleset
rights_of_abi(int abi)
{
	struct ruleset all = {0, 0, 0};

	for (size_t i = 0; i < sizeof(abi_table) / sizeof(abi_table[0]); i++) {
		if (abi_table[i].abi > abi)
			break;
		all.fs |= abi_table[i].rights.fs;
		all.net |= abi_table[i].rights.net;
		all.scope |= abi_table[i].rights.scope;
	}
	return all;
}

/*
 * A rule for a file may not name rights that only folders have.
 *
 * Where the filter denies every call that could empty a file, the rule grants
 * what the filter denies: at each opening the kernel looks for the right to
 * truncate as well, and where no rule has it goes on from folder to folder up
 * to the root of everything, which took a sixth of the time that small files
 * take.
 */
static int
allow_reading(int ruleset_fd, int root_fd, bool is_filtered, uint64_t known)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
	    .parent_fd = root_fd,
	};
	struct stat root;

	if (fstat(root_fd, &root) < 0)
		return -1;
	if (is_filtered)
		rule.allowed_access |= FS_TRUNCATE & known;
	if (S_ISDIR(root.st_mode))
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	return (int)syscall(SYS_landlock_add_rule, ruleset_fd,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/* Plain files, folders and links: no devices, sockets and pipes. */
static int
allow_writing(int ruleset_fd, int folder_fd, uint64_t known)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access =
		(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
		    LANDLOCK_ACCESS_FS_WRITE_FILE |
		    LANDLOCK_ACCESS_FS_REMOVE_FILE |
		    LANDLOCK_ACCESS_FS_REMOVE_DIR |
		    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
		    LANDLOCK_ACCESS_FS_MAKE_SYM | FS_TRUNCATE) &
		known,
	    .parent_fd = folder_fd,
	};

	return (int)syscall(SYS_landlock_add_rule, ruleset_fd,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/* struct landlock_net_port_attr, which Debian 12's headers lack. */
static int
allow_connecting(int ruleset_fd, uint16_t port)
{
	const struct {
		uint64_t access, port;
	} rule = {NET_CONNECT_TCP, port};

	return (int)syscall(
	    SYS_landlock_add_rule, ruleset_fd, RULE_NET_PORT, &rule, 0);
}

int
sandbox_landlock_enter(const struct sandbox_policy *policy, bool is_filtered,
    int *ret_abi, struct error *err)
{
	const int abi = choose_abi(policy->landlock_abi_max);
	struct ruleset rights = rights_of_abi(abi);
	int ruleset_fd, rc = -1;

	if (abi == 0)
		return 0;
	ruleset_fd = (int)syscall(
	    SYS_landlock_create_ruleset, &rights, sizeof(rights), 0);
	if (ruleset_fd < 0)
		return error_set_errno(
		    err, errno, _("cannot make a Landlock ruleset"));
	if (policy->root_fd >= 0 && allow_reading(ruleset_fd, policy->root_fd,
					is_filtered, rights.fs) < 0) {
		(void)error_set_errno(
		    err, errno, _("cannot allow reading by Landlock"));
		goto out;
	}
	if (policy->has_write_fd &&
	    allow_writing(ruleset_fd, policy->write_fd, rights.fs) < 0) {
		(void)error_set_errno(
		    err, errno, _("cannot allow writing by Landlock"));
		goto out;
	}
	if (policy->connect_port != 0 && rights.net != 0 &&
	    allow_connecting(ruleset_fd, policy->connect_port) < 0) {
		(void)error_set_errno(
		    err, errno, _("cannot allow connecting by Landlock"));
		goto out;
	}
	if (syscall(SYS_landlock_restrict_self, ruleset_fd, 0) < 0) {
		(void)error_set_errno(
		    err, errno, _("cannot restrict file access by Landlock"));
		goto out;
	}
	*ret_abi = abi;
	rc = 1;
out:
	(void)close(ruleset_fd);
	return rc;
}

int
sandbox_landlock_ruleset(
    int *ret_fd, uint64_t *ret_rights, int *ret_abi, struct error *err)
{
	const int abi = choose_abi(0);
	struct ruleset rights = rights_of_abi(abi);

	if (abi == 0)
		return 0;
	*ret_fd = (int)syscall(
	    SYS_landlock_create_ruleset, &rights, sizeof(rights), 0);
	if (*ret_fd < 0)
		return error_set_errno(
		    err, errno, _("cannot make a Landlock ruleset"));
	*ret_rights = rights.fs;
	*ret_abi = abi;
	return 1;
}
