#include "lib/examine/ransom_note.h"

#include <string.h>
#include <strings.h>

/*
 * Letters and digits are what is compared: notes differ in signs and case.
 * From public reports on families of ransomware; what families have in common
 * rather than a list of each.
 */
static const char *const phrases[] = {"howtodecrypt", "howtorecover",
    "howtorestore", "howtobackfiles", "howtounlock", "howdoirecover",
    "howtogetfiles", "decryptinstruction", "decryptioninstruction",
    "decryptfiles", "decryptmyfiles", "decryptyour", "readmetodecrypt",
    "readmefordecrypt", "helpdecrypt", "helprecover", "helprestore",
    "helpyourfiles", "restoremyfiles", "restoreyourfiles", "restorefiles",
    "restorefilesinfo", "recovermyfiles", "recoveryourfiles", "recoverfiles",
    "recoveryinstruction", "unlockfiles", "unlockyourfiles",
    "yourfilesareencrypted", "filesareencrypted", "filesencrypted", "filesback",
    "encryptedfiles", "yourdataisencrypted", "dataisencrypted", "ransomnote",
    "ransomware", "wannacry", "wanadecryptor", "pleasereadme", "readmenow",
    "attentionreadme", "readmewarning", "akirareadme", "ryukreadme",
    "contireadme", "revilreadme", "lockbit"};

/* Whole names, where parts of them are too common. */
static const char *const whole[] = {
    "_readme.txt", "!readme!.txt", "!!!readme!!!.txt", "info.hta"};

static const char *const endings[] = {
    "txt", "html", "htm", "hta", "rtf", "url", "png", "bmp", "jpg", "pdf"};

static bool
is_document(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t n = strlen(endings[i]);

		if (length > n + 1 && name[length - n - 1] == '.' &&
		    strncasecmp(name + length - n, endings[i], n) == 0)
			return true;
	}
	return false;
}

/* Letters and digits of the name, in lower case, as far as there is room. */
static void
reduce(const char *name, size_t length, char *room, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < length && used + 1 < size; i++) {
		char c = name[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			room[used++] = c;
	}
	room[used] = '\0';
}

bool
ransom_note_is_name(const char *name, size_t length)
{
	char reduced[256];

	if (!is_document(name, length))
		return false;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (strlen(whole[i]) == length &&
		    strncasecmp(name, whole[i], length) == 0)
			return true;
	reduce(name, length, reduced, sizeof(reduced));
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (strstr(reduced, phrases[i]) != NULL)
			return true;
	return false;
}
