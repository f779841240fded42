/*
 * Mounts that lie on other machines.  What stands in the source field is each
 * file system's own: nfs(5), mount.cifs(8), sshfs(1), mount.ceph(8),
 * mount.glusterfs(8), mount.davfs(8), and of object stores their programs'.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/os/identity_internal.h"

/* How the server stands in the source. */
enum form {
	FORM_NONE,  /* it does not */
	FORM_COLON, /* "nas:/export", "user@[fe80::1]:/x", "a,b:/volume" */
	FORM_SHARE, /* "//nas/share" */
	FORM_URL,   /* "https://nas/folder", also with a text before it */
};

/*
 * By type, and for plain "fuse" by what the program calls its source: those
 * that do not set a subtype.  Port: the one that the protocol registered.
 */
static const struct kind {
	const char *filesystem; /* a type; with '*', a beginning */
	const char *source;	/* NULL: any; else a beginning */
	enum identity_transport transport;
	enum form form;
	uint16_t port;
} kinds[] = {
    {"nfs", NULL, IDENTITY_NETWORK, FORM_COLON, 2049},
    {"nfs4", NULL, IDENTITY_NETWORK, FORM_COLON, 2049},
    {"cifs", NULL, IDENTITY_NETWORK, FORM_SHARE, 445},
    {"smb3", NULL, IDENTITY_NETWORK, FORM_SHARE, 445},
    {"smbfs", NULL, IDENTITY_NETWORK, FORM_SHARE, 445},
    {"ceph", NULL, IDENTITY_NETWORK, FORM_COLON, 6789},
    {"lustre", NULL, IDENTITY_NETWORK, FORM_COLON, 988},
    {"afs", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"beegfs", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"orangefs", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"coda", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"9p", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"virtiofs", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"vboxsf", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"fuse.sshfs", NULL, IDENTITY_NETWORK, FORM_COLON, 22},
    {"fuse.glusterfs", NULL, IDENTITY_NETWORK, FORM_COLON, 24007},
    {"fuse.ceph*", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"fuse.davfs*", NULL, IDENTITY_NETWORK, FORM_URL, 0},
    {"fuse.curlftpfs", NULL, IDENTITY_NETWORK, FORM_URL, 0},
    {"fuse.nfs*", NULL, IDENTITY_NETWORK, FORM_URL, 2049},
    {"fuse.smbnetfs", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"fuse.gvfs*", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"fuse.moosefs", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"fuse.mfs*", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"fuse.lizardfs", NULL, IDENTITY_NETWORK, FORM_NONE, 0},
    {"fuse.s3fs", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.rclone", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.goofys", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.geesefs", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.gcsfuse", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.blobfuse*", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.mountpoint-s3", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.juicefs", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.s3ql", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.s3backer", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.ossfs*", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.cosfs", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.onedriver", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse.google-drive-ocamlfuse", NULL, IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse", "mountpoint-s3", IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse", "s3fs", IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse", "s3ql", IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse", "goofys", IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse", "gcsfuse", IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse", "blobfuse", IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse", "JuiceFS:", IDENTITY_CLOUD, FORM_NONE, 0},
    {"fuse", "http://", IDENTITY_NETWORK, FORM_URL, 80},
    {"fuse", "https://", IDENTITY_NETWORK, FORM_URL, 443},
    {"fuse", "curlftpfs#", IDENTITY_NETWORK, FORM_URL, 21},
    {"fuse", NULL, IDENTITY_FUSE, FORM_NONE, 0},
    {"fuseblk", NULL, IDENTITY_FUSE, FORM_NONE, 0},
    {"fuse.*", NULL, IDENTITY_FUSE, FORM_NONE, 0},
    {"tmpfs", NULL, IDENTITY_MEMORY, FORM_NONE, 0},
    {"ramfs", NULL, IDENTITY_MEMORY, FORM_NONE, 0},
    {"devtmpfs", NULL, IDENTITY_MEMORY, FORM_NONE, 0},
    {"hugetlbfs", NULL, IDENTITY_MEMORY, FORM_NONE, 0},
};

static bool
is_of_type(const struct kind *kind, const char *filesystem)
{
	const size_t length = strcspn(kind->filesystem, "*");

	return kind->filesystem[length] == '*'
		   ? strncmp(kind->filesystem, filesystem, length) == 0
		   : strcmp(kind->filesystem, filesystem) == 0;
}

static const struct kind *
find_kind(const char *filesystem, const char *source)
{
	static const struct kind other = {
	    "", NULL, IDENTITY_UNKNOWN, FORM_NONE, 0};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (is_of_type(&kinds[i], filesystem) &&
		    (kinds[i].source == NULL ||
			strncmp(kinds[i].source, source,
			    strlen(kinds[i].source)) == 0))
			return &kinds[i];
	return &other;
}

enum identity_transport
identity_classify(const char *filesystem, const char *source)
{
	return find_kind(filesystem, source)->transport;
}

/* 0 and what is no port change nothing. */
static void
take_port(const char *text, struct identity *identity)
{
	const long number = strtol(text, NULL, 10);

	if (number > 0 && number <= UINT16_MAX)
		identity->port = (uint16_t)number;
}

/* "host", "[address]" or "host:port" at the beginning of length bytes. */
static void
take_server(const char *text, size_t length, struct identity *identity)
{
	const char *port = NULL, *comma = memchr(text, ',', length);
	size_t host = comma != NULL ? (size_t)(comma - text) : length;

	if (host > 0 && text[0] == '[') {
		const char *end = memchr(text, ']', host);

		if (end == NULL)
			return;
		if ((size_t)(end - text) + 1 < host && end[1] == ':')
			port = end + 2;
		text++;
		host = (size_t)(end - text);
	} else if ((port = memchr(text, ':', host)) != NULL) {
		host = (size_t)(port++ - text);
	}
	if (host >= sizeof(identity->server))
		return;
	for (size_t i = 0; i < host; i++)
		identity->server[i] = (char)tolower((unsigned char)text[i]);
	identity->server[host] = '\0';
	if (port != NULL)
		take_port(port, identity);
}

/* Without "user@". */
static const char *
skip_user(const char *text, size_t *length)
{
	const char *at = memchr(text, '@', *length);

	if (at == NULL)
		return text;
	*length -= (size_t)(at + 1 - text);
	return at + 1;
}

static void
parse_colon(const char *source, struct identity *identity)
{
	const char *end = strstr(source, ":/");
	size_t length;

	if (end == NULL) /* "host:", a home directory */
		end = strrchr(source, ':');
	if (end == NULL)
		return;
	length = (size_t)(end - source);
	/* ceph's "user@cluster.name=" names no machine; lustre's "host@tcp"
	 * has the host first. */
	if (strcmp(identity->filesystem, "lustre") == 0)
		length = strcspn(source, "@:");
	else
		source = skip_user(source, &length);
	if (memchr(source, '=', length) == NULL)
		take_server(source, length, identity);
}

static void
parse_share(const char *source, struct identity *identity)
{
	source += strspn(source, "/\\");
	take_server(source, strcspn(source, "/\\"), identity);
}

static void
parse_url(const char *source, struct identity *identity)
{
	const char *host = strstr(source, "://");
	size_t length;

	if (host == NULL)
		return;
	host += 3;
	length = strcspn(host, "/");
	host = skip_user(host, &length);
	take_server(host, length, identity);
}

/* The value of "key=" among comma-separated options; false without one. */
static bool
find_option(const char *options, const char *key, char *value, size_t size)
{
	const size_t length = strlen(key);

	while (*options != '\0') {
		const size_t part = strcspn(options, ",");

		if (part > length && strncmp(options, key, length) == 0 &&
		    options[length] == '=' && part - length - 1 < size) {
			memcpy(value, options + length + 1, part - length - 1);
			value[part - length - 1] = '\0';
			return true;
		}
		options += part;
		options += *options == ',';
	}
	return false;
}

/*
 * Programs that give their own name as source, whatever they mount: it says
 * nothing.
 */
static bool
is_program_name(const char *filesystem, const char *source)
{
	const char *dot = strchr(filesystem, '.');

	return source[0] == '\0' || strcmp(source, "none") == 0 ||
	       (dot != NULL && strcmp(dot + 1, source) == 0) ||
	       strcmp(source, "s3fs") == 0 || strcmp(source, "s3ql") == 0 ||
	       strcmp(source, "mountpoint-s3") == 0 ||
	       strncmp(source, "blobfuse", 8) == 0;
}

void
identity_parse_source(
    const struct mountinfo_mount *mount, struct identity *identity)
{
	const struct kind *kind = find_kind(mount->filesystem, mount->source);
	char text[16], own[IDENTITY_TEXT_BYTES];

	if (strlen(mount->source) >= sizeof(identity->source) ||
	    is_program_name(mount->filesystem, mount->source))
		return;
	memcpy(identity->source, mount->source, strlen(mount->source) + 1);
	identity->port = kind->port;
	if (kind->form == FORM_COLON)
		parse_colon(mount->source, identity);
	else if (kind->form == FORM_SHARE)
		parse_share(mount->source, identity);
	else if (kind->form == FORM_URL)
		parse_url(mount->source, identity);
	if (find_option(mount->super_options, "port", text, sizeof(text)))
		take_port(text, identity);
	if (!find_option(mount->super_options, "addr", identity->address,
		sizeof(identity->address)))
		memcpy(identity->address, identity->server,
		    sizeof(identity->server));
	/* nfs(5): from which of its addresses this machine speaks to it. */
	identity->is_own_server =
	    find_option(mount->super_options, "clientaddr", own, sizeof(own)) &&
	    strcmp(own, identity->address) == 0;
}
