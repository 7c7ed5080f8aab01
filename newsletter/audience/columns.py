"""What the columns of an import file mean, guessed from the names that people and other programs give them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.audience.address import shortened
from newsletter.audience.formats import Format, recognised
from newsletter.audience.spelling import folded
from newsletter.errors import AudienceError
from newsletter.model import meant
from newsletter.model.attribute import Attribute
from newsletter.model.consent import Consent, Suppression

# The surest first; written without spaces and punctuation.
_GUESSES = {
    "address": """
        email emailaddress emailadresse emailadress emailaddresses mailadresse adresseemail adressemail adressemel
        courriel adresseelectronique courrielelectronique correoelectronico correo direcciondecorreo
        direcciondecorreoelectronico indirizzoemail postaelettronica subscriberemail contactemail primaryemail
        emailaddress1 email1 email1value eposta epostadress epost sahkoposti adresemail adreszemail emailadres
        электронныйадрес почта ηλεκτρονικοταχυδρομειο البريدالالكتروني بريدالكتروني
        epostaadresi електроннапошта електроннаадреса электроннаяпочта enderecodeemail 电子邮件 电子邮箱 邮箱 電子郵件
        メールアドレス useremail customeremail memberemail billingemail
        διεύθυνσηemail διεύθυνσηηλεκτρονικούταχυδρομείου διεύθυνσηηλταχυδρομείου ημέιλ
        דואל דואראלקטרוני כתובתדואל כתובתדואראלקטרוני כתובתהדואל כתובתהדואראלקטרוני אימייל כתובתאימייל מייל כתובתמייל
        ایمیل آدرسایمیل نشانیایمیل پستالکترونیک پستالکترونیکی آدرسپستالکترونیک آدرسپستالکترونیکی نشانیپستالکترونیکی
        رایانامه نشانیرایانامه نشانیالکترونیکی آدرسالکترونیکی
        ईमेल इमेल ईमेलपता ईमेलएड्रेस ईमेलआईडी मेलआईडी
        อีเมล อีเมล์ อีเมลล์ ที่อยู่อีเมล ที่อยู่อีเมล์ อีเมลแอดเดรส ไปรษณีย์อิเล็กทรอนิกส์ จดหมายอิเล็กทรอนิกส์
        mail mel recipient address adresse direccion indirizzo subscriber
        """,
    "name": """
        fullname name displayname vollernamen vollername nom nombre nome nombrecompleto nomcomplet имя الاسم 氏名 名前
        adsoyad isim повнеімя імя 姓名 名字
        ονοματεπώνυμο όνομα
        שםמלא שם نامکامل نامونامخانوادگی نام اسم पूरानाम नाम ชื่อนามสกุล ชื่อสกุล ชื่อและนามสกุล ชื่อเต็ม ชื่อ
        """,
    "first_name": """
        firstname fname givenname forename vorname prenom nombredepila primernombre nomedibattesimo
        primeironome voornaam fornamn fornavn etunimi imie jmeno keresztnev
        שםפרטי نامکوچک पहलानाम प्रथमनाम ชื่อจริง ชื่อต้น
        """,
    "last_name": """
        lastname lname surname familyname nachname familienname nomdefamille apellido apellidos cognome
        sobrenome achternaam efternamn efternavn etternavn sukunimi nazwisko prijmeni vezeteknev
        apelido фамилия прізвище soyad soyadı
        επώνυμο επίθετο
        שםמשפחה نامخانوادگی فامیلی فامیل अंतिमनाम उपनाम कुलनाम सरनेम นามสกุล
        """,
    "language": """
        language lang locale preferredlanguage sprache langue idioma lingua jezyk язык мова dil اللغة 语言 言語
        γλώσσα
        שפה שפהמועדפת زبان زبانترجیحی भाषा पसंदीदाभाषा ภาษา ภาษาที่ต้องการ
        """,
    "topics": "topics topic interests themen thema sujets temas argomenti",
    "frequency": "frequency haufigkeit frequence frecuencia frequenza",
    "paused_until": "pauseduntil",
    "consent_at": """
        confirmedat consentat consentdate consenttime confirmtime optindate optedinat einwilligungam
        ημερομηνίασυγκατάθεσης ημερομηνίασυναίνεσης
        תאריךהסכמה תאריךההסכמה מועדהסכמה מועדההסכמה تاریخرضایت تاریخموافقت زمانرضایت
        सहमतितिथि सहमतिकीतिथि सहमतिदिनांक सहमतिकीतारीख सहमतितारीख วันที่ยินยอม วันที่ให้ความยินยอม
        """,
    "proof": "proof consentsource consentproof optinsource consentevidence",
    "wording": "wording consentwording consenttext",
    "consent": """
        consent status subscriptionstatus emailmarketingconsent subscribed optin optedin einwilligung
        zustimmung abonniert consentement abonne statut consentimiento suscrito consenso iscritto
        acceptsemailmarketing acceptsmarketing emailsubscriberstatus subscribedtoemails
        статус الحالة حالةالاشتراك 購読状態 配信状態 ステータス 状態
        estadodesuscripcion abonelikdurumu 订阅状态 訂閱狀態
        κατάσταση κατάστασηεγγραφής συγκατάθεση συναίνεση
        סטטוס מצבמנוי סטטוסמנוי סטטוסהרשמה הסכמה הסכמהלדיוור הסכמהלקבלתדיוור אישורדיוור אישורלדיוור
        وضعیت وضعیتاشتراک وضعیتعضویت رضایت موافقت
        स्थिति स्टेटस सदस्यतास्थिति सदस्यताकीस्थिति सहमति
        สถานะ สถานะการสมัคร สถานะการรับข่าวสาร สถานะการเป็นสมาชิก ความยินยอม ยินยอม การยินยอม
        """,
    "confirmed": "confirmed isconfirmed emailconfirmed bestatigt confirme activated activatedat aktiviert aktiviertam"
    " אושר تأییدشده पुष्टि ยืนยันแล้ว",
    "left": """
        unsubscribed unsubscribe unsubtime unsubscribedat unsubscribetime optout optedout optedoutat optouttime
        abgemeldet abgemeldetam desabonne desinscrit
        emailoptout hasoptedoutofemail unsubscribedfromallemail optoutdate emaildisabled
        διακοπήεγγραφής απεγγραφή ημερομηνίααπεγγραφής ημερομηνίαδιαγραφής
        הוסר הוסרה הסרה תאריךהסרה הסרהמרשימתהתפוצה הסרהמדיוור ביטולהרשמה תאריךביטול תאריךביטולהרשמה
        لغواشتراک لغوعضویت تاریخلغو تاریخلغواشتراک تاریخلغوعضویت انصراف
        सदस्यतारद्द सदस्यतारद्दकी सदस्यतासमाप्त अनसब्सक्राइब रद्दकरनेकीतिथि सदस्यतारद्दकरनेकीतिथि
        ยกเลิกการรับ ยกเลิกการรับข่าวสาร ยกเลิกรับข่าวสาร ยกเลิกการสมัคร ยกเลิกการเป็นสมาชิก ยกเลิกสมาชิก ยกเลิกแล้ว ยกเลิก เลิกรับ วันที่ยกเลิก
        วันที่ยกเลิกการรับ
        """,
    "suppressed": """
        suppressed suppression blocklisted blacklisted emailblocklisted emailblacklisted bounced cleantime hardbounced
        """,
}

# Names that mean one thing alone: ours, and the plain words for them.
_PLAIN = frozenset(
    """
    email emailaddress address name fullname firstname lastname language topics frequency pauseduntil consent status
    suppressed confirmedat consentat proof consentsource wording unsubscribed unsubscribedat
    """.split()
)
_NAMES = {meaning: tuple(folded(name) for name in names.split()) for meaning, names in _GUESSES.items()}
# Other programs let a team name these columns, or name them in the team's language.
_NAMED_BY_TEAMS = {meaning: _NAMES[meaning] for meaning in ("address", "name", "first_name", "last_name", "language")}
MEANINGS = (*_GUESSES, "json")
"""What a column can be mapped to, beside `attributes.NAME`; `json` is an object of attributes."""
Said = Mapping[str, str | tuple[str, ...]]
"""What a person says of columns: the name of the one with each meaning; of those who have left there may be several."""
_SAME = {"email": "address", "left_at": "left", "confirmed_at": "consent_at"}
_COMMON = {"address": "email", "consent_at": "confirmed_at"}
_ATTRIBUTE = "attributes."


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each value stands in a row; `headers` are empty for a file of bare addresses."""

    places: dict[str, int]
    headers: tuple[str, ...] = ()
    format: Format | None = None
    """The program that wrote the file, where it is recognised."""
    guessed: tuple[str, ...] = ()
    """The meanings that nobody has said and no format knows."""
    attributes: dict[str, Attribute] = field(default_factory=dict)
    """Those of the settings, for the columns that hold them."""
    left_too: tuple[int, ...] = ()
    """Further columns of which each may say that somebody has left."""
    state: Consent | Suppression | None = None
    """What the file as a whole says of people of whom its rows say nothing; otherwise they are confirmed."""

    @property
    def used(self) -> dict[str, str]:
        """Each meaning with the name of its column, the first one of several."""
        return {meaning: self.headers[place] for meaning, place in self.places.items() if self.headers}

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Every column that is used, with its meaning before it."""
        return (*self.used.items(), *(("left", self.headers[place]) for place in self.left_too))

    @property
    def ignored(self) -> tuple[str, ...]:
        """The columns that mean nothing to us."""
        places = {*self.places.values(), *self.left_too}
        return tuple(header for place, header in enumerate(self.headers) if header and place not in places)

    @property
    def rivals(self) -> tuple[tuple[str, str, str], ...]:
        """Columns left aside that seem to say as well who must not be written to: meaning, column used, the other."""
        if self.format:
            return ()
        return tuple(
            (meaning, self.used[meaning], header)
            for meaning in ("consent", "confirmed", "left", "suppressed")
            if meaning in self.places
            for header in self.ignored
            if folded(header) in _NAMES[meaning]
        )

    @property
    def note(self) -> str:
        """What the file does not say and a person must know."""
        return self.format.note([folded(header) for header in self.headers]) if self.format else ""


def read_columns(
    headers: Sequence[str],
    *,
    attributes: Mapping[str, Attribute] | None = None,
    mapping: Said | None = None,
    ignore: Collection[str] = (),
    file_name: str = "",
) -> Columns | None:
    """Return what the columns mean, or nothing where none of them holds addresses.

    `mapping` is what a person says, from meaning to the column's name, and `ignore` which columns mean nothing; then
    comes what the format of another program has, then a guess. Several columns may say who has left. Raises
    AudienceError for a mapping to what is not there, and for a file that no import may use.
    """
    known = [folded(header) for header in headers]
    declared = dict(attributes or {})
    places, left_too = _said(mapping or {}, declared, headers)
    said = {*places.values(), *left_too, *(_place(column, headers) for column in ignore)}
    format_ = recognised(known)
    for meaning, name in (format_.meanings if format_ else {}).items():
        if meaning not in places and name in known and known.index(name) not in said:
            places[meaning] = known.index(name)
    guessed = []
    for meaning, names in _names(declared, format_).items():
        found = next((name for name in names if name in known and known.index(name) not in said), None)
        if meaning not in places and found is not None:
            places[meaning] = known.index(found)
            if found not in _PLAIN and meaning != _ATTRIBUTE + headers[places[meaning]].strip():
                guessed.append(meaning)
    if "address" not in places:
        return None
    return Columns(
        places,
        tuple(" ".join(header.split()) for header in headers),
        format_,
        tuple(guessed),
        declared,
        left_too,
        format_.state(file_name, known) if format_ else None,
    )


def said_columns(mapping: Said) -> list[str]:
    """Return the names of the columns of which a person says what they mean."""
    return [column for columns in mapping.values() for column in _several(columns)]


def _several(columns: str | tuple[str, ...]) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else columns


def _said(
    mapping: Said, declared: Mapping[str, Attribute], headers: Sequence[str]
) -> tuple[dict[str, int], tuple[int, ...]]:
    """Return where each meaning stands by what a person says, and where else it stands who has left."""
    places: dict[str, int] = {}
    left_too: list[int] = []
    for written, columns in mapping.items():
        meaning = _meaning(written, declared)
        for column in _several(columns):
            place = _place(column, headers)
            first = places.setdefault(meaning, place)
            if first != place and meaning != "left":
                name = " ".join(headers[first].split())
                raise AudienceError(
                    f"two columns are taken for '{written}': '{shortened(name)}' and '{shortened(column)}'",
                    why="only who has left may stand in several columns",
                    fix="name one of them",
                )
            if first != place:
                left_too.append(place)
    return places, tuple(dict.fromkeys(left_too))


def _names(declared: Mapping[str, Attribute], format_: Format | None) -> dict[str, tuple[str, ...]]:
    own = {
        _ATTRIBUTE + name: (folded(name), *([folded(attribute.title)] if attribute.title else []))
        for name, attribute in declared.items()
    }
    # Of a known format nothing else is guessed.
    return own | (_NAMED_BY_TEAMS if format_ else _NAMES)


def _meaning(written: str, declared: Mapping[str, Attribute]) -> str:
    name = _SAME.get(written.strip().lower(), written.strip().lower())
    if name in MEANINGS:
        return name
    bare = name.removeprefix(_ATTRIBUTE)
    if bare in declared:
        return _ATTRIBUTE + bare
    known = [*MEANINGS, *declared]
    better = meant.did_you_mean(name, [*known, *_SAME])
    raise AudienceError(
        f"'{written}' is nothing that a column can be" + (f"; did you mean '{better}'?" if better else ""),
        why=f"a column can be {', '.join(map(told_as, known))}",
        fix=f'write {better or "email"}="name of the column"',
    )


def told_as(meaning: str) -> str:
    """Return what people are told that a column is; `--map` takes the same word."""
    return _COMMON.get(meaning, meaning.removeprefix(_ATTRIBUTE))


def _place(column: str, headers: Sequence[str]) -> int:
    found = [place for place, header in enumerate(headers) if folded(header) == folded(column)]
    if not found:
        named = [" ".join(header.split()) for header in headers if header.strip()]
        better = meant.did_you_mean(column, named)
        raise AudienceError(
            f"no column is called '{shortened(column)}'" + (f"; did you mean '{better}'?" if better else ""),
            why=f"the columns are {', '.join(shortened(name) for name in named[:20])}",
            fix="write its name as it stands in the first row of the file",
        )
    return found[0]
