#include "lib/output/witness_text.h"

#include <stdio.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/judge/measure.h"
#include "lib/output/recover_words.h"

#define SIZE_BYTES 64

/* Not translated: whoever finds the medium may read either language. */
static const char readme_ja[] =
    "控え(hikae)の立会フォルダー\n"
    "==============================\n"
    "\n"
    "このフォルダーは、バックアップを見張る「控え(hikae)」が、この媒体を\n"
    "外す前に書き込んだものです。患者の情報は入っていません。\n"
    "消さずに、媒体と一緒に保管してください。\n"
    "\n"
    "何のためにあるか\n"
    "----------------\n"
    "1. 記録簿の写し: 控えのサーバーが攻撃され、記録が書き換えられたり、\n"
    "   古い状態に戻されたりすると、次にこの媒体をつないだときに分かります。\n"
    "2. サーバーを失ったときの復旧: どのバックアップが、どこにあり、\n"
    "   いつ検証されたかが、この写しから分かります。\n"
    "\n"
    "ファイル\n"
    "--------\n"
    "  recover-plan.txt      復旧の順序と、使うべきバックアップ(最初に読む)\n"
    "  journal.txt           記録簿(journal-*.txt があれば、その続き)\n"
    "  checkpoint.txt        記録簿の署名済み先頭\n"
    "  medium.txt            この媒体の識別票\n"
    "  keys/                 署名を確かめるための公開鍵とその履歴\n"
    "  *.minisig             minisign の署名\n"
    "\n"
    "サーバーを失ったとき\n"
    "--------------------\n"
    "1. この媒体を、書き込み禁止にして、攻撃を受けていない機器につなぐ。\n"
    "2. recover-plan.txt を読む。施設の紙にあるデーモンの公開鍵で\n"
    "   確かめる。\n"
    "     minisign -V -P 公開鍵 -m recover-plan.txt\n"
    "3. hikae を入れた機器があれば、記録簿を確かめ、台帳を作り直す。\n"
    "     hikae journal verify このフォルダー --public-key 公開鍵\n"
    "     hikae catalog rebuild --journal このフォルダー --public-key 公開鍵 "
    "catalog.db\n"
    "     hikae --database catalog.db recover plan\n"
    "\n"
    "この写しより後に起きたことは、ここには記録されていません。\n"
    "目録(ファイルの一覧)もここにはありません。状態のバックアップから\n"
    "戻してください。\n";

static const char readme_en[] =
    "The witness folder of hikae\n"
    "===========================\n"
    "\n"
    "hikae, which watches backups, wrote this before the medium was taken\n"
    "away. It holds no patients' data. Keep it with the medium.\n"
    "\n"
    "recover-plan.txt  what to restore, from where, in which order\n"
    "journal.txt       the journal (the end of it, if there are "
    "journal-*.txt)\n"
    "checkpoint.txt    its signed head       medium.txt  which medium this is\n"
    "keys/             public keys to check it all with\n"
    "\n"
    "If the server is lost: attach this medium write-protected to a host that\n"
    "the attacker did not touch, with the daemon's public key from paper:\n"
    "  minisign -V -P KEY -m recover-plan.txt\n"
    "  hikae journal verify FOLDER --public-key KEY\n"
    "  hikae catalog rebuild --journal FOLDER --public-key KEY catalog.db\n"
    "  hikae --database catalog.db recover plan\n"
    "\n"
    "What happened after it was written is not in it, and neither are the\n"
    "manifests: take those from a backup of hikae's state.\n";

void
witness_text_readme(struct bytes *out)
{
	bytes_append_text(out, readme_ja);
	bytes_append_text(out, "\n\n");
	bytes_append_text(out, readme_en);
}

static void
begin_line(struct bytes *out, const char *label)
{
	bytes_append_text(out, "     ");
	bytes_append_text(out, label);
	bytes_append_text(out, _(": "));
}

static void
append_label(struct bytes *out, const char *label, const char *text)
{
	begin_line(out, label);
	bytes_append_text(out, text);
	bytes_append_text(out, "\n");
}

static const char *
medium_name(const struct witness_text_plan *what, const char *id)
{
	const struct config_medium *medium =
	    what->config == NULL ? NULL : config_find_medium(what->config, id);

	return medium == NULL || medium->name[0] == '\0' ? id : medium->name;
}

static void
append_place(struct bytes *out, const struct recover_copy *copy)
{
	char text[2 * RECOVER_WORDS_BYTES];
	const char *holder = recover_words_holder(copy, text);

	if (copy->location[0] != '\0')
		append_label(out, _("kept"), copy->location);
	if (holder != NULL)
		append_label(out, _("taken out by"), holder);
}

static void
append_copy(const struct witness_text_plan *what,
    const struct recover_copy *copy, struct bytes *out)
{
	char size[SIZE_BYTES], read[DATE_TEXT_BYTES];
	const char *why = copy->reason == NULL || copy->reason[0] == '\0'
			      ? NULL
			      : measure_sentence(copy->reason);

	begin_line(out, _("medium"));
	bytes_append_format(out, _("%s, %s, %s, %s\n"),
	    medium_name(what, copy->medium),
	    copy->is_in_reach ? _("may have been in reach of an attacker")
			      : _("out of reach"),
	    copy->is_confirmed ? _("verified") : _("not read again yet"),
	    quantity_describe_size(copy->bytes, size));
	if (copy->oldest_read_at != QUERY_NEVER)
		append_label(
		    out, _("read"), date_describe(copy->oldest_read_at, read));
	if (why != NULL)
		append_label(out, _("note"), why);
	append_place(out, copy);
}

static void
append_system(
    const struct witness_text_plan *what, size_t number, struct bytes *out)
{
	const struct recover_system *system = &what->plan->systems[number];
	const struct config_system *named =
	    what->config == NULL ? NULL
				 : config_find_system(what->config, system->id);
	char taken[DATE_TEXT_BYTES], text[RECOVER_WORDS_BYTES];
	const char *newer = recover_words_newer(system, text);

	bytes_append_format(out, "\n%zu. %s\n", number + 1,
	    named == NULL || named->name[0] == '\0' ? system->id : named->name);
	if (system->copy_count == 0) {
		append_label(
		    out, _("generation"), _("there is none that can be used"));
	} else {
		begin_line(out, _("generation"));
		bytes_append_format(out, "%s  %s\n", system->generation,
		    date_describe(system->taken_at, taken));
	}
	if (system->broken != 0)
		append_label(out, _("contents"),
		    _("what it holds is broken, at least in part"));
	for (size_t i = 0; i < system->copy_count; i++)
		append_copy(what, &system->copies[i], out);
	if (newer != NULL)
		append_label(out, _("newer ones, not to be used"), newer);
}

static void
append_plan(const struct witness_text_plan *what, struct bytes *out)
{
	char at[DATE_TEXT_BYTES];

	bytes_append_format(
	    out, _("Recovery plan, as of %s"), date_describe(what->at, at));
	bytes_append_format(out, "\n%s\n", what->origin);
	for (size_t i = 0; i < what->plan->system_count; i++)
		append_system(what, i, out);
	if (what->plan->system_count == 0)
		bytes_append_format(out, "\n%s\n",
		    _("No systems are configured: there is nothing to plan "
		      "with."));
	bytes_append_format(out, "\n%s\n",
	    _("Verify the chosen copy once more before you restore, on a host "
	      "that the\nattacker cannot have touched. Attach offline media "
	      "read-only."));
}

void
witness_text_plan(const struct witness_text_plan *what, struct bytes *out)
{
	struct i18n_reader reader;

	i18n_speak("ja", &reader);
	append_plan(what, out);
	i18n_return(&reader);
	bytes_append_text(out, "\n----------------------------------------"
			       "--------------------------------\n\n");
	i18n_speak("en", &reader);
	append_plan(what, out);
	i18n_return(&reader);
}
