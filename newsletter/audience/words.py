"""What the words in cells say of consent: in the languages of people, and as other programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from newsletter.audience.address import shortened
from newsletter.audience.spelling import folded, one_spelling
from newsletter.errors import AudienceError
from newsletter.model.consent import Consent, Suppression

_NO = """
    no n false f 0 nein non never none null na nil nee nej nei nao falsch faux falso нет ні لا nie いいえ hayır hayir 否
    όχι לא אין שקר نه خیر ندارد نادرست नहीं नही ना न जीनहीं असत्य ไม่ ไม่ใช่ ไม่มี เท็จ
    allow allowed zulassen off aus
    """
_CONSENTS = {
    Consent.CONFIRMED: """
        confirmed subscribed active enabled yes y sim true t 1 x optin optedin doubleoptin ja j oui o si aktiv bestatigt
        wahr vrai verdadero vero да نعم
        abonniert actif confirme abonne activo confirmado suscrito attivo confermato iscritto marketingcontact
        tak aktywny подписан активен مشترك نشط はい 有効 購読中 配信中
        ativo inscrito assinante так підписаний підписана активний evet aktif abone 是 有效 已订阅 已訂閱
        subscrito subscrita ναι εγγεγραμμένος εγγεγραμμένη ενεργός ενεργή συνδρομητής συνδρομήτρια
        כן פעיל פעילה רשום רשומה מנוי מנויה אישר אישרה מאושר מאושרת הסכים הסכימה מסכים מסכימה מעוניין מעוניינת אמת יש
        بله بلی آری آره فعال مشترک تأییدشده موافق موافقم درست دارد مایل
        हाँ जीहाँ सक्रिय सहमत पुष्ट पुष्टिहुई सब्सक्राइब सब्सक्राइब्ड सत्य
        ใช่ ใช้งาน ใช้งานอยู่ ยืนยันแล้ว ยินยอม ยอมรับ ตกลง อนุญาต สมัครแล้ว สมัครรับ รับข่าวสาร ต้องการ จริง
        """,
    Consent.PENDING: """
        pending unconfirmed notconfirmed pendingoptin
        awaitingconfirmation ausstehend unbestatigt enattente pendiente inattesa niepotwierdzony
        pendente naoconfirmado ожидает неподтвержден очікує непідтверджений beklemede onaylanmadı 未确认 未確認 待确认
        εκκρεμεί σεαναμονή
        ממתין ממתינה ממתיןלאישור ממתינהלאישור טרםאישר טרםאישרה טרםאושר לאאישר לאאישרה לאאושר לאמאושר
        درانتظار درانتظارتأیید منتظر منتظرتأیید تأییدنشده
        लंबित प्रतीक्षारत पुष्टिलंबित अपुष्ट पुष्टिनहीं पुष्टिनहींहुई
        รอยืนยัน รอการยืนยัน รอดำเนินการ ยังไม่ยืนยัน ยังไม่ได้ยืนยัน ไม่ยืนยัน
        """,
    Consent.UNSUBSCRIBED: """
        unsubscribed unsubscribe optout optedout no n nao nee nej nei false f 0 falsch faux falso нет لا
        notsubscribed neversubscribed notoptedin nonsubscribed inactive disabled cancelled canceled nein abgemeldet
        inaktiv non desabonne desinscrit inactif baja inactivo disiscritto inattivo nonmarketingcontact byuser
        nie wypisany nieaktywny отписан неактивен غيرمشترك غيرنشط الغىالاشتراك いいえ 無効 停止 解除 解除済み 退会
        配信停止 配信解除 配信不可 購読解除
        dadodebaja dadadebaja debaja cancelado cancelada descadastrado descadastrada desinscrite desabonnee
        cancellato cancellata disiscritta uitgeschreven afgemeld отписался отписалась отписана
        ні відписаний відписана відписався відписалась відписано неактивний
        hayır hayir pasif iptal aboneliktençıktı aboneliktenayrıldı abonelikiptal
        否 退订 退訂 已退订 已退訂 取消订阅 取消訂閱 已取消订阅 已取消訂閱 未订阅 未訂閱
        όχι ανενεργός ανενεργή διαγράφηκε διαγραμμένος διαγραμμένη απεγγράφηκε απεγγραφή διακοπή διακοπήεγγραφής
        לא אין לאפעיל לאפעילה לארשום לארשומה לאמנוי לאמנויה הוסר הוסרה הסר הסרה להסיר ביטל ביטלה ביטול בוטל בוטלה מבוטל
        ביטלהרשמה ביטלההרשמה ביטלאתההרשמה ביטלהאתההרשמה עזב עזבה פרש פרשה סירב סירבה לאמסכים לאמסכימה לאמעוניין
        לאמעוניינת לארוצה שקר
        نه خیر ندارد غیرفعال غیرمشترک لغو لغوشد لغوشده لغواشتراک لغوعضویت انصراف انصرافداد انصرافداده حذفشد حذفشده
        مخالف مخالفم عدمرضایت نادرست
        नहीं नही ना न जीनहीं निष्क्रिय रद्द रद्दकिया रद्दकी रद्दकीगई सदस्यतारद्द अनसब्सक्राइब अनसब्सक्राइब्ड सदस्यतासमाप्त असहमत
        अस्वीकृत हटाया हटायागया हटादिया हटादियागया असत्य
        ไม่ ไม่ใช่ ไม่มี ไม่ใช้งาน ไม่ยินยอม ไม่ยอมรับ ไม่ตกลง ไม่อนุญาต ไม่รับ ไม่รับข่าวสาร ไม่ต้องการ ไม่ประสงค์ ไม่สมัคร ปฏิเสธ
        ยกเลิก ยกเลิกแล้ว ยกเลิกการรับ ยกเลิกการรับข่าวสาร ยกเลิกรับข่าวสาร ยกเลิกการสมัคร ยกเลิกสมาชิก ยกเลิกการเป็นสมาชิก เลิกรับ
        ลาออก เท็จ
        """,
}
# Of these nobody can doubt that they speak of consent; "active" may be an account or a member.
_PLAINLY_CONFIRMED = frozenset(
    """
    confirmed subscribed optin optedin doubleoptin bestatigt abonniert confirme abonne confirmado suscrito confermato
    iscritto подписан مشترك 購読中
    """.split()
)
_SUPPRESSIONS = {
    Suppression.BOUNCE: """
        bounce bounced bouncing hardbounce hardbounced softbounced previousbounce cleaned undeliverable unreachable
        invalid mailblocked nomxrecord bybounces
        חזר הוחזר לאתקין לאתקינה برگشتی برگشتخورده نامعتبر बाउंस अमान्य ตีกลับ เด้งกลับ
        """,
    Suppression.COMPLAINT: """
        complaint complained ispcomplained directcomplaint spam spamcomplaint markedasspam junk abuse
        ספאם תלונה اسپم هرزنامه شکایت स्पैम शिकायत สแปม ร้องเรียน
        """,
    Suppression.ERASURE: "erasure erased deleted forgotten",
    Suppression.BY_HAND: """
        byhand suppressed sharedsuppression domainsuppression blocked blocklisted blacklisted bymoderator
        חסום חסומה مسدود مسدودشده अवरुद्ध ब्लॉक ถูกบล็อก บล็อก ระงับ
        """,
}


_NUMBER = re.compile(r"[-+−]?\d+")
_SHORTEST_TIME = 8
"""Digits of a day without strokes; seconds have more."""
_EPOCH = re.compile(r"1970[-/.]0?1[-/.]0?1(?![0-9])|0?1\.0?1\.1970")
"""A time of nothing, as programs write it that count seconds."""
# Nobody agreed to emails before 1990; programs write 1900, 1969 and 1970 for nothing.
_YEAR = "(?:199[0-9]|20[0-9]{2})"
_DAY = re.compile(
    rf"(?:{_YEAR}([./-])[0-9]{{1,2}}\1[0-9]{{1,2}}|[0-9]{{1,2}}([./-])[0-9]{{1,2}}\2{_YEAR})"
    r"(?:(?:T|,? )[0-9]{1,2}:[0-9:.]+ ?(?:[AP]M|Z|UTC|GMT|[+-][0-9:]+)?)?",
    re.IGNORECASE,
)
# A day beside one of these is when it was given; beside a status nobody knows what was on that day.
_GIVEN = frozenset(
    map(
        folded,
        """
        subscribed optin optedin consent einwilligung zustimmung abonniert consentement abonne consentimiento suscrito
        consenso iscritto הסכמה رضایت सहमति ความยินยอม
        """.split(),
    )
)
Words = Mapping[str, Consent | Suppression]
"""What words in the column of consent mean, by the words in small letters."""
_STATES: Mapping[str, Consent | Suppression] = {
    state.value: state for state in (*Consent, Suppression.BOUNCE, Suppression.COMPLAINT, Suppression.BY_HAND)
}
STATES = ", ".join(_STATES)
"""What a word can mean, as people write it."""


_CONSENT_OF = {folded(word): state for state, words in _CONSENTS.items() for word in words.split()}
_NOT = {"", *map(folded, _NO.split())}
_SUPPRESSION_OF = {folded(word): reason for reason, words in _SUPPRESSIONS.items() for word in words.split()}


def read_words(pairs: Iterable[str]) -> Words:
    """Return what `2=unsubscribed` and the like say that words mean; raise AudienceError for what says nothing."""
    found: dict[str, Consent | Suppression] = {}
    for pair in pairs:
        word, sign, state = (part.strip() for part in pair.rpartition("="))
        said = _STATES.get(state.lower())
        if not sign or not word or said is None:
            raise AudienceError(
                f"'{shortened(pair.strip())}' does not say what a word means",
                why=f"a word can mean {STATES}",
                fix="write it as in 2=unsubscribed",
            )
        if found.setdefault(word.lower(), said) != said:
            raise AudienceError(
                f"'{shortened(word)}' is said to mean two things",
                why=f"{found[word.lower()]} and {said}",
                fix="say the one that is right",
            )
    return found


def is_number(word: str) -> bool:
    """Whether a cell holds a whole number, which means something else in each program."""
    return _NUMBER.fullmatch(word.strip()) is not None


def is_letter(word: str) -> bool:
    """Whether a cell holds a letter alone, which means something else in each program as well."""
    return len(word.strip()) == 1 and word.strip().isalpha() and word.strip().isascii()


@lru_cache(maxsize=10_000)
def read_consent(word: str) -> Consent | Suppression | None:
    """Return what a cell such as `Subscribed`, `nein` or `cleaned` says; nothing for other words."""
    if is_number(word) and one_spelling(word.strip()) not in {"0", "1"}:
        # Without its sign -1 would be a yes; AcyMailing writes it of those who have left.
        return None
    word = folded(word)
    return _CONSENT_OF.get(word) or _SUPPRESSION_OF.get(word)


@lru_cache(maxsize=10_000)
def read_confirmed(word: str) -> Consent | Suppression | None:
    """Return what a cell says that holds whether, or when, somebody has confirmed: nothing in it is a no."""
    if not says_yes(word) or _EPOCH.match(word):
        return Consent.PENDING
    is_state = is_number(word) and len(word) < _SHORTEST_TIME
    return read_consent(word) if is_state or not any(map(str.isdigit, word)) else Consent.CONFIRMED


def holds_days(column: str) -> bool:
    """Whether a day in a column of consent is the one on which it was given, as the column's name says."""
    return folded(column) in _GIVEN


def names_a_day(word: str) -> bool:
    """Whether a cell holds a day, or a moment, and nothing else that may take it back; that of nothing is none."""
    return _DAY.fullmatch(word) is not None


def plainly_confirmed(word: str) -> bool:
    """Whether a cell says of consent itself, and not of an account or a member, that it was given."""
    return folded(word) in _PLAINLY_CONFIRMED


@lru_cache(maxsize=10_000)
def read_suppression(word: str) -> Suppression | None:
    """Return why an address must not be written to; nothing for `no`, and for an empty cell."""
    word = folded(word)
    return None if word in _NOT else _SUPPRESSION_OF.get(word, Suppression.BY_HAND)


@lru_cache(maxsize=10_000)
def says_yes(word: str) -> bool:
    """Whether a cell holds anything but `no`; a date, as other programs write it, is a yes."""
    plain = folded(word)
    # MySQL writes a date that is not known as 0000-00-00.
    return plain not in _NOT and plain.strip("0") != ""
