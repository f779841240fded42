/* What stands beside data/: for people, and what RFC 8493 asks for. */
#include <stdio.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/output/evidence_internal.h"

/* Not translated: who gets a bundle may read another language than its maker.
 */
static const char steps_ja[] =
    "この証跡一式の確かめ方(検査される方へ)\n"
    "======================================\n"
    "\n"
    "この一式は、バックアップの状態を控え(hikae)が記録したものです。\n"
    "hikae がなくても、sha256sum と minisign だけで確かめられます。\n"
    "(Linux では標準の coreutils と minisign。どちらも無償です。)\n"
    "\n"
    "1. 公開鍵を用意する。\n"
    "   施設が紙で保管している「デーモンの公開鍵」(RW で始まる 56 文字)を\n"
    "   受け取ってください。紙が何枚かあるときは、最も新しいものです。\n"
    "   この一式の中の data/keys/daemon.pub は参考です。紙の鍵と同じで\n"
    "   あることを見比べてください。\n"
    "\n"
    "2. 展開して、このフォルダーに移る。\n"
    "     unzip ファイル.zip     (または  tar -xf ファイル.tar)\n"
    "     cd フォルダー\n"
    "\n"
    "3. 署名を確かめる。\n"
    "     minisign -V -P 公開鍵 -m tagmanifest-sha256.txt\n"
    "   「Signature and comment signature verified」と出て、Trusted comment "
    "の\n"
    "   発行元(hikae/ で始まる。紙にもある)と期間が正しければ、この一式は\n"
    "   その鍵を持つ hikae が署名したものです。\n"
    "\n"
    "4. ファイルが一つも変わっていないことを確かめる。\n"
    "     sha256sum -c tagmanifest-sha256.txt\n"
    "     sha256sum -c manifest-sha256.txt\n"
    "   すべて OK(成功)であることを見てください。目録にないファイルは\n"
    "   証跡ではありません。\n"
    "   期間の終わりの署名済み先頭(記録簿全体を固定する値)も、同じ鍵で\n"
    "   確かめられます。紙の報告書に刷られたものと見比べられます。\n"
    "     minisign -V -P 公開鍵 -m data/journal/checkpoint-end.txt\n"
    "\n"
    "5. 内容を読む。\n"
    "     data/report.html        報告書(ブラウザーで開く。印刷できる)\n"
    "     data/compliance.csv     要件ごとの証跡の有無(○ △ × ？)\n"
    "     data/requirements.txt   要件の文言と出典(当時有効だったもの)\n"
    "     data/requirements/      その元のファイル(名前は SHA-256)\n"
    "     data/generations.jsonl  世代      data/copies.jsonl   複製\n"
    "     data/verifications.jsonl 検証     data/findings.jsonl 所見\n"
    "     data/media.jsonl        媒体の台帳  data/drills.jsonl   復元訓練\n"
    "     data/attestations.jsonl 申告      data/documents/     添付文書\n"
    "     data/journal/           記録簿(期間内の全項目とその証明)\n"
    "     data/keys/              公開鍵とその履歴\n"
    "   時刻は 1970-01-01T00:00:00Z からのミリ秒です。\n"
    "\n"
    "さらに hikae があれば、記録簿の各項目が署名済み先頭に含まれること、\n"
    "期間の前後で記録簿が書き換えられていないことまで確かめられます。\n"
    "     hikae evidence verify ファイル --public-key 公開鍵\n"
    "\n"
    "この一式は「適合」を示すものではありません。示すのは、どの要件について\n"
    "どの証跡があるか(○ 揃っている、△ 一部、× ない、？ 判断できない)です。\n";

static const char steps_en[] =
    "How to check this evidence\n"
    "==========================\n"
    "\n"
    "1. Get the daemon's public key from the newest paper that the facility\n"
    "   keeps.\n"
    "2. Unpack the file and go into its folder.\n"
    "3. minisign -V -P KEY -m tagmanifest-sha256.txt\n"
    "   The trusted comment has the origin (on the paper, too) and the "
    "period.\n"
    "4. sha256sum -c tagmanifest-sha256.txt; sha256sum -c "
    "manifest-sha256.txt\n"
    "   Also: minisign -V -P KEY -m data/journal/checkpoint-end.txt: the\n"
    "   checkpoint, as printed on paper reports.\n"
    "5. Read data/report.html, data/compliance.csv and the rest.\n"
    "\n"
    "With hikae: hikae evidence verify FILE --public-key KEY\n"
    "A result is never called compliance: it says which evidence there is.\n";

static void
append_checkpoint(
    struct bytes *out, const char *label, const struct journal_note *note)
{
	char root[2 * MERKLE_HASH_BYTES + 1];

	if (note->size == 0) {
		bytes_append_format(out, "%s: 0\n", label);
		return;
	}
	bytes_format_hex(note->root, sizeof(note->root), root);
	bytes_append_format(
	    out, "%s: %llu %s\n", label, (unsigned long long)note->size, root);
}

static void
append_instant(struct bytes *out, const char *label, int64_t at)
{
	char text[DATE_TEXT_BYTES];

	bytes_append_format(out, "%s: %s\n", label, date_format_iso(at, text));
}

/* RFC 8493 section 2.2.2; labels of our own begin with "Hikae-". */
static void
append_info(struct bytes *out, const struct evidence_making *making)
{
	const struct evidence_result *result = &making->result;
	const struct evidence_request *request = making->request;
	struct date day;

	date_local(making->context.now, &day);
	bytes_append_format(
	    out, "Bag-Software-Agent: hikae %s\n", HIKAE_VERSION);
	bytes_append_format(out, "Bagging-Date: %04d-%02d-%02d\n", day.year,
	    day.month, day.day);
	bytes_append_format(
	    out, "External-Identifier: %s\n", result->statement.origin);
	bytes_append_format(out, "Payload-Oxum: %llu.%llu\n",
	    (unsigned long long)result->bytes,
	    (unsigned long long)result->files);
	append_instant(out, "Hikae-From", request->from);
	append_instant(out, "Hikae-To", request->to);
	append_instant(out, "Hikae-Judged-At", making->context.now);
	bytes_append_format(out, "Hikae-Entries: %llu %llu\n",
	    (unsigned long long)making->first,
	    (unsigned long long)making->last);
	append_checkpoint(out, "Hikae-Checkpoint-Start", &making->start);
	append_checkpoint(out, "Hikae-Checkpoint-End", &making->end);
	if (request->pack != NULL)
		bytes_append_format(out, "Hikae-Pack: %s\n", request->pack);
	if (request->system != NULL)
		bytes_append_format(out, "Hikae-System: %s\n", request->system);
	bytes_append_format(
	    out, "Hikae-Paths: %s\n", request->has_paths ? "yes" : "no");
	bytes_append_format(out, "Hikae-Documents-Missing: %llu\n",
	    (unsigned long long)result->documents_missing);
	bytes_append_format(
	    out, "Hikae-Signed: %s\n", request->sign != NULL ? "yes" : "no");
}

/* What this bundle lacks, or has, that others do not: before all else. */
static void
append_notices(struct bytes *out, const struct evidence_making *making)
{
	const struct evidence_request *request = making->request;
	const size_t before = out->length;

	if (request->sign == NULL)
		bytes_append_text(out,
		    "※ この一式には署名がありません(unsigned)。minisign を使う"
		    "手順は行えません。\n");
	if (request->system != NULL)
		bytes_append_format(out,
		    "※ 1 つのシステムだけの一式です(only of one system): %s\n",
		    request->system);
	if (request->pack != NULL)
		bytes_append_format(out,
		    "※ 一部の要件だけの一式です(only requirements of): %s\n",
		    request->pack);
	if (!making->result.is_over)
		bytes_append_text(out,
		    "※ 期間の途中で書き出したものです(the period was not "
		    "over)。\n");
	if (making->result.documents_missing > 0)
		bytes_append_format(out,
		    "※ 入っていない添付文書があります(documents missing): "
		    "%llu\n",
		    (unsigned long long)making->result.documents_missing);
	if (request->has_paths)
		bytes_append_text(out,
		    "※ data/openings.jsonl にファイル名があります(names of "
		    "files)。患者情報として扱ってください。\n");
	if (out->length > before)
		bytes_append_text(out, "\n");
}

static int
put_readme(struct evidence_making *making, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc;

	append_notices(&text, making);
	bytes_append_format(&text, "%s\n\n%s", steps_ja, steps_en);
	rc = evidence_bag_put(&making->bag, "README.txt", &text, err);
	bytes_done(&text);
	return rc;
}

int
evidence_put_tags(struct evidence_making *making, struct error *err)
{
	struct bytes declaration = BYTES_EMPTY, info = BYTES_EMPTY;
	int rc = -1;

	evidence_bag_count(
	    &making->bag, &making->result.files, &making->result.bytes);
	append_info(&info, making);
	bytes_append_text(&declaration,
	    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
	if (put_readme(making, err) == 0 &&
	    evidence_bag_put(&making->bag, "bagit.txt", &declaration, err) == 0)
		rc = evidence_bag_put(&making->bag, EVIDENCE_INFO, &info, err);
	bytes_done(&declaration);
	bytes_done(&info);
	return rc;
}
