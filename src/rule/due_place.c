/*
 * What stands round a day: whether something beside it makes it a limit, and nothing
 * speaks against that: a period, office hours, what the writer promises, what is past.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/due_private.h"

#include <string.h>

#define PAST 90		/* bytes behind a day in which a request is told as one of the past */
#define SENTENCE 300	/* bytes of the sentence that are looked at, each way */

/* Whether the `len` bytes before `at` hold one of the words; ends: at their end. */
static bool
before_has(const char *text, const char *at, size_t len, const char *const *words, bool ends)
{
	const char *from = (size_t)(at - text) > len ? at - len : text;
	size_t have = (size_t)(at - from);

	for (size_t i = 0; words[i] != NULL; i++) {
		size_t word = strlen(words[i]);

		if (word > have)
			continue;
		if (ends ? memcmp(at - word, words[i], word) == 0 :
			memmem(from, have, words[i], word) != NULL)
			return true;
	}
	return false;
}

static bool
span_has(const char *from, const char *end, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (memmem(from, (size_t)(end - from), words[i], strlen(words[i])) != NULL)
			return true;
	return false;
}

/* Whether one of the words stands at `at`. */
static bool
starts_with(const char *at, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (strncmp(at, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* Where the sentence ends that goes on at `at`. */
static const char *
sentence_end(const char *at, const char *end)
{
	const char *limit = end - at > SENTENCE ? at + SENTENCE : end, *stop;

	stop = memmem(at, (size_t)(limit - at), "。", strlen("。"));
	if (stop != NULL)
		limit = stop;
	for (stop = at; stop + 1 < limit; stop++)
		if ((stop[0] == '.' || stop[0] == '!' || stop[0] == '?') && stop[1] == ' ')
			return stop;
	return limit;
}

static const char *
sentence_start(const char *text, const char *at)
{
	const char *limit = at - text > SENTENCE ? at - SENTENCE : text;

	for (; at > limit; at--) {
		if (at - text >= 3 && memcmp(at - 3, "。", 3) == 0)
			break;
		if (at - text >= 2 && at[-1] == ' ' && (at[-2] == '.' || at[-2] == '!' || at[-2] == '?'))
			break;
	}
	return at;
}

/* "回答期限:", "deadline is", "締切は" right before it; but not "有効期限:". */
static bool
is_labelled(const struct due_place *place)
{
	static const char *const labels[] = {
		"期限", "期日", "締切", "締め切り", "締切り", "〆切", "締切日", "期限日", "希望日", "回答日",
		"デッドライン", "deadline", "due date", "due", "reply by", "respond by", NULL,
	};
	static const char *const others[] = {
		"有効期限", "使用期限", "保証期限", "保存期限", "契約期限", "利用期限", "証明書の期限",
		"公開期限", "掲載期限", NULL,
	};
	static const char *const between[] = {
		":", " ", "(", "は", "を", "が", "】", ")", "]", ">", "=", "is", "of", "*", "■", "-", "」", "日", "として", NULL,
	};
	const char *at = place->from;
	bool again = true;

	while (again) {
		if (before_has(place->text, at, DUE_BEFORE, labels, true))
			return !before_has(place->text, at, DUE_BEFORE, others, true);
		again = false;
		for (size_t i = 0; between[i] != NULL && !again; i++) {
			const char *const one[] = { between[i], NULL };

			again = before_has(place->text, at, DUE_BEFORE, one, true);
			if (again)
				at -= strlen(between[i]);
		}
		again = again && place->from - at < DUE_BEFORE;
	}
	return false;
}

/* What makes a day that stands before it a limit. */
static const char *const limits[] = {
	"迄", "以内", "を目処", "目処", "を目安", "目安", "を期限", "が期限", "期限", "を締切", "が締切", "締切",
	"締め切り", "〆切", "必着", "厳守", "いっぱい", "を限度", "中に", "中で", "中迄", NULL,
};

/* Behind 迄: no limit for anybody, or none that is asked for. */
static const char *const no_limit_behind[] = {
	"は", "休", "お休", "不在", "夏季", "夏期", "冬季", "年末年始", "お待", "待", "の間", "の期間", "のお休", "の休",
	"有効", "の状況", "の届出", "の累計", "の件数", "の実績", "の統計", "受付", "受け付", "営業", "対応可", "停止",
	"延長", "かか", "お時間", "時間を", "公開", "非公開", "公表", "掲載", "続", "のメンテ", "メンテ", NULL,
};

/* What follows "迄の", "中の", "以内の" when something is asked for. */
static const char *const asked_behind[] = {
	"ご", "回答", "返信", "返答", "連絡", "対応", "報告", "修正", "提出", "対処", NULL,
};

static bool
wants_something(const char *at)
{
	if (strncmp(at, "に", strlen("に")) == 0)
		at += strlen("に");
	if (strncmp(at, "の", strlen("の")) == 0)
		return starts_with(at + strlen("の"), asked_behind);
	return true;
}

static bool
ends_with(const char *from, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - from) >= len && memcmp(end - len, word, len) == 0;
}

/* Where the last of the words begins, NULL if there is none. */
static const char *
last_of(const char *from, const char *end, const char *const *words)
{
	const char *last = NULL;

	for (size_t i = 0; words[i] != NULL; i++) {
		size_t len = strlen(words[i]);
		const char *at = from;

		while ((at = memmem(at, (size_t)(end - at), words[i], len)) != NULL) {
			if (last == NULL || at > last)
				last = at;
			at += len;
		}
	}
	return last;
}

/*
 * Whether the sentence says what its writer will do, or what was done. Where it asks
 * as well, it asks.
 */
static bool
is_told(const struct due_place *place)
{
	static const char *const offers[] = { "させて頂", "させて貰", NULL };
	static const char *const past[] = {
		"しておりました", "していました", "致しておりました", "ていたところ", "たところ", NULL,
	};
	static const char *const asks[] = {
		"下さ", "願", "頂", "幸い", "求め", "期限", "必着", "して欲しい", "してほしい", "しなければ", "必要があ",
		"お待ちし", "お待ち申", "ない場合", "無い場合",
		"please", "ask", "request", "require", "expect", "you ", "your", "kindly", "need", NULL,
	};
	static const char *const promises[] = {
		"we will ", "we'll ", "we plan", "we intend", "we aim", "we expect to", "i will ", "i'll ", "i plan",
		"i intend", NULL,
	};
	static const char *const facts[] = {
		"expire", "created", "affected", "released", "installed", "registered", "issued", "is valid",
		"are valid", "is possible", "deleted", "logged out", NULL,
	};
	static const char *const answers[] = { "reply", "respon", "answer", "confirm", "contact", NULL };
	static const char *const tells[] = {
		"致します", "致しました", "予定", "差上げ", "しております", "しています", "ました", "でした", "します", "公開",
		"公表", "であった", "だった", "we will", "we'll", "we plan", "we intend", "we aim", "we expect to",
		"i will", "i'll", "i plan", "i intend", "will be published", "will be disclosed", "will publish",
		"will disclose", "be made public", "was ", "were ", NULL,
	};
	const char *end = sentence_end(place->behind, place->end);
	const char *start = sentence_start(place->text, place->from), *asked = NULL, *promised;
	bool english = (unsigned char)place->behind[0] < 0xe0;

	/* Japanese has its verb behind the day, English may have it before. */
	if (span_has(place->behind, end, offers) ||
		span_has(place->behind, end - place->behind > PAST ? place->behind + PAST : end, past) ||
		ends_with(place->behind, end, "可能です"))
		return true;
	/* What stands nearer to the day in English is what the day belongs to. */
	if (english) {
		asked = last_of(start, place->from, asks);
		promised = last_of(start, place->from, promises);
		if (promised != NULL && (asked == NULL || asked < promised))
			return true;
	}
	if (span_has(place->behind, end, asks))
		return false;
	if (span_has(place->behind, end, tells) || ends_with(place->behind, end, "ます"))
		return true;
	if (!english)
		return false;
	if (asked != NULL || span_has(start, place->from, tells))
		return asked == NULL;
	return span_has(start, end, facts) && !span_has(start, end, answers);
}

/* Spans that do not run from the receipt: "公開後30日以内", "届出から90日". */
static bool
runs_from_elsewhere(const struct due_place *place)
{
	static const char *const from[] = { "から", "より", "後", "以降", "以後", "起算して", NULL };
	static const char *const receipt[] = {
		"本日", "今日", "受信", "受領", "受取", "受け取", "メール", "通知", "連絡", "送付", "着信", "到着", "本書", "本状",
		"送信", "発信", "本件", NULL,
	};

	return before_has(place->text, place->from, DUE_BEFORE, from, true) &&
		!before_has(place->text, place->from, DUE_BEFORE, receipt, false);
}

static bool
is_span(const struct due_mention *mention)
{
	return mention->form == DUE_SPAN || mention->form == DUE_HOURS;
}

/* Behind "第2" and "第2週の": a weekday of a month, which is not the next one. */
static bool
is_of_a_month(const char *text, const char *at)
{
	static const char *const counted[] = {
		"第1", "第2", "第3", "第4", "第5", "第一", "第二", "第三", "第四", "第五", "週の", "週", NULL,
	};

	return before_has(text, at, DUE_BEFORE, counted, true);
}

/* "期限が5月15日から5月30日に延長": the second day of the two. */
static bool
is_moved_to(const struct due_place *place)
{
	static const char *const from[] = { "から", "より", NULL };
	static const char *const labels[] = { "期限", "期日", "締切", "締め切り", "〆切", NULL };
	static const char *const moved[] = {
		"に延長", "へ延長", "迄延長", "に変更", "へ変更", "に延期", "へ延期", "迄延期", "に繰", NULL,
	};

	return starts_with(place->behind, moved) &&
		before_has(place->text, place->from, DUE_BEFORE, from, true) &&
		before_has(place->text, place->from, 2 * DUE_BEFORE, labels, false);
}

/*
 * Whether a limit is spoken of that has passed: then one without a year is not next
 * year's. "ませんでしたら" is a condition, and speaks of what is to come.
 */
static bool
is_missed(const struct due_place *place)
{
	static const char *const missed[] = {
		"なっておりました", "なっていました", "でした", "ておりませんが", "頂いておりません", "頂けておりません",
		"頂いていません", "頂けていません", "過ぎ", "経過", "ありません", "ございません", NULL,
	};
	const char *end = sentence_end(place->behind, place->end);

	if (end - place->behind > PAST)
		end = place->behind + PAST;
	for (size_t i = 0; missed[i] != NULL; i++) {
		size_t len = strlen(missed[i]);
		const char *at = memmem(place->behind, (size_t)(end - place->behind), missed[i], len);

		if (at != NULL && strncmp(at + len, "ら", strlen("ら")) != 0 &&
			strncmp(at + len, "場合", strlen("場合")) != 0)
			return true;
	}
	return false;
}

/* What stands right before a day that makes it no limit, whatever follows. */
static bool
is_barred(const struct due_place *place, const struct due_mention *mention)
{
	static const char *const always[] = {
		"毎", "毎週", "毎月", "過去", "直近", "最近", "ここ", "先", "前", "昨", "各", "平日", "ver.", "ver", "version",
		"バージョン", "版", "か", "ヶ", "第", "最終", "最初の", "昨年の", "去年", "去年の", "前年の", "昨年",
		"前年", NULL,
	};
	static const char *const range[] = { "から", "より", "~", "-", "至", NULL };
	/* "13月4日" is no date, and its 4日 none either. */
	static const char *const of_a_date[] = { "月", "年", NULL };
	const char *from = place->from;

	while (from > place->text && from[-1] == ' ')
		from--;
	if (before_has(place->text, from, DUE_BEFORE, always, true) ||
		(mention->form == DUE_DATE && mention->month == 0 &&
			before_has(place->text, from, DUE_BEFORE, of_a_date, true)) ||
		(mention->form == DUE_WEEKDAY && is_of_a_month(place->text, from)))
		return true;
	if (is_span(mention))
		return runs_from_elsewhere(place);
	/* "12月29日から1月3日迄" is a period; "本日から12月5日迄に" asks. */
	return !is_moved_to(place) && before_has(place->text, place->from, DUE_BEFORE, range, true) &&
		strncmp(place->behind, "迄に", strlen("迄に")) != 0;
}

/* Whether the day, which does not say so itself, is made a limit by what follows it. */
static bool
is_limited(const struct due_place *place, bool itself)
{
	static const char *const at_latest[] = { "遅くとも", "遅くても", NULL };
	static const char *const about[] = { "頃", "ごろ", "付", "時点", NULL };
	const char *at = place->behind;

	for (size_t i = 0; about[i] != NULL; i++)
		if (strncmp(at, about[i], strlen(about[i])) == 0)
			at += strlen(about[i]);
	at += strspn(at, " ");
	if (strncmp(at, "迄", strlen("迄")) == 0) {
		at += strlen("迄");
		return !starts_with(at, no_limit_behind) && wants_something(at);
	}
	if (itself)
		return wants_something(at);
	if (strncmp(at, "に", strlen("に")) == 0 &&
		before_has(place->text, place->from, DUE_BEFORE, at_latest, true))
		return true;
	if (strncmp(at, "中の", strlen("中の")) == 0)
		return wants_something(at + strlen("中"));
	for (size_t i = 0; limits[i] != NULL; i++)
		if (strncmp(at, limits[i], strlen(limits[i])) == 0)
			return wants_something(at + strlen(limits[i]));
	return false;
}

bool
due_counts_ja(const struct due_place *place, struct due_mention *mention, bool itself)
{
	static const char *const on[] = { "から", "より", NULL };
	bool labelled, missed;

	if (is_barred(place, mention))
		return false;
	if (is_moved_to(place))
		return true;
	labelled = is_labelled(place);
	/* "期限が5月15日から…": not that day, but the one behind. */
	if (labelled && !is_span(mention) && starts_with(place->behind, on))
		return false;
	if (!labelled && (!is_limited(place, itself) || is_told(place)))
		return false;
	if (mention->form != DUE_DATE || mention->year != 0 || mention->count != 0)
		return true;
	missed = is_missed(place);
	if (missed && mention->month == 0)
		return false;
	if (labelled || missed)
		mention->count = DUE_NEAR;
	return true;
}

/* Behind a span: "of receipt" is from the receipt, "of publication" is not. */
bool
due_counts_en(const struct due_place *place, struct due_mention *mention)
{
	static const char *const missed[] = { "not received", "n't received", "has passed", NULL };
	static const char *const from[] = { "of", "after", "from", "following", "before", NULL };
	static const char *const receipt[] = {
		"receipt", "receiving", "the receipt", "this", "today", "our", "the date of this", "notification",
		"the date hereof", "now", NULL,
	};
	const char *at = place->behind;

	if (is_span(mention) && due_words(&at, from) >= 0 && due_words(&at, receipt) < 0)
		return false;
	if (is_told(place))
		return false;
	if (mention->form != DUE_DATE || mention->year != 0 || mention->month == 0)
		return true;
	/* "deadline: 15 May", or one that was missed, is not next year's. */
	if (place->from[0] == 'd' || span_has(sentence_start(place->text, place->from),
		sentence_end(place->behind, place->end), missed))
		mention->count = DUE_NEAR;
	return true;
}

/* Whether the writer asks for an answer before the day: "please reply in 5 days". */
bool
due_asks_answer(const struct due_place *place)
{
	static const char *const answers[] = {
		"reply ", "respond ", "answer ", "get back ", "let us know ", "acknowledge ", NULL,
	};
	static const char *const asks[] = { "please", "kindly", "ask", "must", "should", "need", NULL };
	static const char *const not[] = { "not ", "n't ", NULL };
	const char *start = sentence_start(place->text, place->from);

	return span_has(start, place->from, answers) && span_has(start, place->from, asks) &&
		!span_has(start, place->from, not);
}
