/*
 * The charsets that are read, and by which labels. A charset that is not here
 * is not opened before the room is locked and so cannot be read at all. Must
 * stay data: nothing here converts.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/charset_private.h"

#include <string.h>

/*
 * Labels stand here as letters and digits alone ("ISO_8859-1" is iso88591).
 * Narrow charsets are read as the wide ones that writers use under their names:
 * ISO-8859-1 as windows-1252, GB2312 as GB18030, and so on.
 */
static const struct charset charsets[] = {
	[CHARSET_UTF8] = { NULL, " utf8 csutf8 unicode11utf8 cp65001 xutf8 utf8mb4 " },
	[CHARSET_ASCII] = { NULL, " usascii ascii ansix341968 ansix341986 iso646us iso646irv1991 "
		"isoir6 ibm367 cp367 us csascii unknown8bit csunknown8bit unknown xunknown " },
	[CHARSET_ISO2022JP] = { NULL, " iso2022jp csiso2022jp iso2022jp1 iso2022jp2 csiso2022jp2 "
		"iso2022jp3 iso2022jp2004 iso2022jpms cp50220 cp50221 cp50222 cp50220raw jis xjis "
		"jis7 jis8 jisencoding csjisencoding junet " },
	[CHARSET_EUCJP] = { "EUC-JP-MS", " eucjp xeucjp eucjpms eucjpwin eucjpopen cp51932 ujis "
		"cp20932 xeuc euc eucjpascii cseucpkdfmtjapanese "
		"extendedunixcodepackedformatforjapanese " },
	[CHARSET_CP932] = { "CP932", " shiftjis xshiftjis sjis xsjis xsjiscp932 mskanji "
		"csshiftjis cp932 ms932 windows31j cswindows31j windows932 sjiswin sjisopen ibm943 "
		"cp943 cp943c ibm932 xmscp932 " },
	[CHARSET_JISX0213] = { "EUC-JISX0213", " eucjisx0213 eucjis2004 " },
	[CHARSET_GB] = { "GB18030", " gb2312 gb23121980 csgb2312 gb231280 csiso58gb231280 isoir58 "
		"chinese euccn xeuccn gbk xgbk csgbk cp936 ms936 windows936 gb18030 csgb18030 "
		"gb180302000 gb180302005 " },
	[CHARSET_KOREAN] = { "UHC", " euckr xeuckr cseuckr ksc56011987 ksc56011989 ksc5601 "
		"csksc56011987 isoir149 korean uhc cp949 ms949 windows949 ksx1001 " },
	[CHARSET_LATIN] = { "CP1252", " windows1252 cswindows1252 cp1252 xcp1252 ansi1252 iso88591 "
		"iso885911987 isoir100 latin1 l1 ibm819 cp819 csisolatin1 xansi " },
	[CHARSET_UTF16] = { NULL, " utf16 csutf16 unicode csunicode iso10646ucs2 ucs2 " },
	[CHARSET_UTF16BE] = { "UTF-16BE", " utf16be csutf16be unicodefffe ucs2be " },
	[CHARSET_UTF16LE] = { "UTF-16LE", " utf16le csutf16le ucs2le " },
	[CHARSET_OTHERS] = { "UTF-7", " utf7 csutf7 unicode11utf7 csunicode11utf7 " },
	{ "UTF-32", " utf32 csutf32 iso10646ucs4 ucs4 csucs4 " },
	{ "UTF-32BE", " utf32be csutf32be " },
	{ "UTF-32LE", " utf32le csutf32le " },
	{ "SHIFT_JISX0213", " shiftjisx0213 shiftjis2004 sjis2004 " },
	{ "CP950", " big5 csbig5 big5eten xxbig5 xbig5 cnbig5 cp950 ms950 windows950 " },
	{ "BIG5-HKSCS", " big5hkscs csbig5hkscs big5hkscs2008 " },
	{ "ISO-8859-2", " iso88592 iso885921987 isoir101 latin2 l2 csisolatin2 " },
	{ "ISO-8859-3", " iso88593 iso885931988 isoir109 latin3 l3 csisolatin3 " },
	{ "ISO-8859-4", " iso88594 iso885941988 isoir110 latin4 l4 csisolatin4 " },
	{ "ISO-8859-5", " iso88595 iso885951988 isoir144 cyrillic csisolatincyrillic " },
	{ "ISO-8859-6", " iso88596 iso885961987 iso88596e iso88596i isoir127 arabic ecma114 "
		"asmo708 csisolatinarabic " },
	{ "ISO-8859-7", " iso88597 iso885971987 isoir126 greek greek8 ecma118 elot928 "
		"csisolatingreek " },
	{ "ISO-8859-8", " iso88598 iso885981988 iso88598e iso88598i isoir138 hebrew "
		"csisolatinhebrew " },
	{ "ISO-8859-10", " iso885910 iso8859101992 isoir157 latin6 l6 csisolatin6 " },
	{ "ISO-8859-13", " iso885913 csiso885913 latin7 l7 " },
	{ "ISO-8859-14", " iso885914 iso8859141998 isoir199 latin8 l8 isoceltic csiso885914 " },
	{ "ISO-8859-15", " iso885915 csiso885915 latin9 l9 " },
	{ "ISO-8859-16", " iso885916 iso8859162001 isoir226 latin10 l10 csiso885916 " },
	{ "CP874", " windows874 cswindows874 cp874 tis620 cstis620 iso885911 csiso885911 " },
	{ "CP1250", " windows1250 cswindows1250 cp1250 xcp1250 " },
	{ "CP1251", " windows1251 cswindows1251 cp1251 xcp1251 " },
	{ "CP1253", " windows1253 cswindows1253 cp1253 xcp1253 " },
	{ "CP1254", " windows1254 cswindows1254 cp1254 xcp1254 iso88599 iso885991989 isoir148 "
		"latin5 l5 csisolatin5 " },
	{ "CP1255", " windows1255 cswindows1255 cp1255 xcp1255 " },
	{ "CP1256", " windows1256 cswindows1256 cp1256 xcp1256 " },
	{ "CP1257", " windows1257 cswindows1257 cp1257 xcp1257 " },
	{ "CP1258", " windows1258 cswindows1258 cp1258 xcp1258 " },
	{ "KOI8-R", " koi8r cskoi8r koi8 koi " },
	{ "KOI8-U", " koi8u cskoi8u koi8ru " },
	{ "IBM437", " ibm437 cp437 437 cspc8codepage437 " },
	{ "IBM850", " ibm850 cp850 850 cspc850multilingual " },
	{ "IBM852", " ibm852 cp852 852 cspcp852 " },
	{ "IBM866", " ibm866 cp866 866 csibm866 " },
	{ "MACINTOSH", " macintosh mac macroman xmacroman csmacintosh " },
};

_Static_assert(sizeof(charsets) / sizeof(charsets[0]) <= CHARSET_ROWS, "no room for the table");

const struct charset *
charset_row(size_t id)
{
	return id < sizeof(charsets) / sizeof(charsets[0]) ? &charsets[id] : NULL;
}

/* The label's letters and digits, lower case, a blank round them; false if it is too long. */
static bool
label_key(const char *label, char key_r[CHARSET_LABEL_MAX + 3])
{
	size_t len = 0;

	key_r[len++] = ' ';
	for (; *label != '\0' && *label != '*'; label++) {
		char c = *label;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			continue;
		if (len > CHARSET_LABEL_MAX)
			return false;
		key_r[len++] = c;
	}
	key_r[len++] = ' ';
	key_r[len] = '\0';
	return len > 2;
}

int
charset_find(const char *label)
{
	char key[CHARSET_LABEL_MAX + 3];
	const struct charset *row;

	if (label == NULL || !label_key(label, key))
		return CHARSET_NONE;
	for (size_t id = 0; (row = charset_row(id)) != NULL; id++)
		if (strstr(row->labels, key) != NULL)
			return (int)id;
	return CHARSET_NONE;
}
