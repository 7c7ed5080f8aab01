"""What makes a column, or a cell of it, look as if it said that somebody has left or never agreed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from newsletter.audience.notes import speaks_of_leaving
from newsletter.audience.spelling import is_of_words, one_spelling, plain
from newsletter.audience.words import names_a_day, read_consent, says_yes
from newsletter.model.consent import Consent, Suppression

# A yes in them means that somebody must not be written to.
_NOT_WANTED = re.compile(
    one_spelling(r"""
    opt(ed)?[ ]?out | unsub | suppress | \bdn[cem]\b | \bhas[ ]left\b
    | \b(do[ ]?n[o ]?t|no|never)[ ]?(e[ ]?|send[ ]?|any[ ]?)*(mail|contact|newsletter|marketing|write)
    | \bdo[ ]?not[ ](allow[ ])?(bulk[ ])?e?[ ]?mails? | \bon[ ]hold\b | \b(deleted|removed|archived|cancell?ed)\b
    | \b(inactive|disabled?|deactivated|hidden)\b | ^(left|quit|stop)$
    | ^(date[ ]left|left[ ](on|at)|leav(e|ing)[ ]date)\b
    | \b(geloscht|gekundigt|kundigung|austritt|ausgetreten|abbestell|inaktiv|deaktiviert|robinson)
    | sperre\b | \bsperrvermerk
    | abgemeldet | abmeld | \bausgetragen | widerruf | widersp | \bgesperrt | \bnicht[ ](kontakt|anschreib)
    | \bkeine?[ ](e[ ]?)?(mail|post|newsletter|werbung|kontakt)
    | \b(desactiv|supprim|refus|bloque|inacti[fv]|inattiv|eliminad|cancelad|annulat)
    | \bdesabonn | \bdesinscri | \bne[ ]pas[ ] | \bpas[ ]d[ ]?e?[ ]?(e[ ]?)?(mail|newsletter|courriel)
    | \bdesuscri | \bno[ ](enviar|contactar) | \bbaja\b | \bdisiscri | \bnon[ ](inviare|contattare)
    | \buitgeschreven | \bafgemeld | \bgeen[ ](e[ ]?)?(mail|nieuwsbrief) | \bav(registr|prenumer|meldt)
    | \bdescadastr | \bcancel(ou|amento)\b | \bremovid | \bnao[ ](enviar|contat|contact) | \bne[ ]plus[ ]
    | \bcancellat | \baustrag | \bexcluid
    | \bwypisan | \brezygn | \bрезигн | \bотпис | \bвідпис | \bне[ ](писат|надсил) | ^(удален|видален)(а|о|іи)?$
    | \babonelikten[ ](cık|ayrıl) | \biptal\b | ^(ayrıldı|pasif)$
    | (退|取消)(订|訂) | (取消|解除)(订阅|訂閱) | 拒收 | 不再(接收|发送|發送)
    | الغاء[ ]الاشتراك | الالغاء\b
    | (配信|購読|受信)(停止|解除|拒否|不可|除外) | 登録解除 | 退会
    | \bexclu(ded|sion)\b | \b(deceased|verstorben|decede|gestorben|sterbedatum|todes(tag|datum)|date[ ]of[ ]death)
    | ^(donot(bulk)?(e?mail|contact)|keine?(newsletter|mail|werbung)) | \b(banned|quarantined?)\b | \bstorno
    | \b(do[ ]not|don[ ]?t|not[ ]to[ ]be|no[ ]further)[ ](send|contact) | \bkeine?[ ]zusend
    | ^stopped$ | \b(stop|exit)[ ](date|time|status|reason)\b | \bend[ ]of[ ](subscription|membership)
    | \babo[ ](ende|beendet) | ^ehemalig | \bformer[ ](member|subscriber) | \bcancellazione
    | ^(exclude|skip|delete|remove|loschen|entfernen|borrar|eliminar|cancellare|dead|tot)$
    | \b(ausschluss|ausgeschlossen)\b | \bnicht[ ](senden|mailen|verschicken|versenden) | \bkeine?n?[ ](nl|mails?)\b
    | \bdo[ ]not[ ]disturb
    | ^(sperrung|blockiert)$ | \bleft[ ](the[ ])?organi[sz]ation\b
    | \bannulla | \bafmeld | \bop(zeg|gezegd) | \bzrezygn | \bcancelar\b | \bsonlandır | (配信|購読)を(停止|解除)
    | \bδιακοπη | \bδιαγραφ | \bδιαγραμμεν | \bαπεγγραφ | \bανενεργ | \bδεν[ ](επιθυμ|θελ)
    | \bαποχωρ | \bνα[ ]μην[ ](στελ|σταλ|λαβ|λαμβ)
    | \b[ושה]?הוסר | \b[הל]?הסר[הת]?\b | \bלהסיר | \bהסיר | \bב[יו]?טו?ל(ה|ו)?\b | \bביטול | \bמבוטל | \bנמחק | \bמחוק
    | \bעזב(ה|ו)?\b | \bפרש(ה|ו)?\b | \bנפטר | \b[וש]?(לא|אין|ללא)[ ](ל|מ|פעיל|רוצה|רשו|דיוור) | \bסירב | \bהתנגד
    | \bהפסק | \bהופסק
    | \bلغو | \bانصراف | \bحذف | \bغیر[ ]?فعال | \bقطع | \bفوت\b | \bدرگذشت | \bمتوفی | \bترک[ ](کر|عضو|سازمان)
    | \b(عدم|بدون)[ ](تمایل|رضایت|ارسال|دریافت|عضویت|اشتراک|تماس) | (ارسال|تماس)[ ](نشود|نکنید|نگیرید) | نفرست
    | نمی[ ]?خواه | \bمخالف
    | रद्द | अनसब्सक्रा | निष्क्रिय | हटा(य|ए|ई|[ ]द|न) | न[ ]भेज | नहीं[ ](चाह|भेज|लेन) | संपर्क[ ]न | मृत | दिवंगत | स्वर्ग
    | (सदस्यता|ईमेल|मेल|संदेश)[ ](बंद|समाप्त) | सदस्यता[ ]छोड | अस्वीक | असहमत
    | ยกเลิก | เลิกรับ | ไม่(ต้องการ|รับ|ส่ง|ประสงค์|ยินยอม|อนุญาต|ใช้งาน|ยอมรับ|ให้|ติดต่อ|สมัคร) | ห้าม(ส่ง|ติดต่อ) | งด(ส่ง|รับ)
    | ระงับ | ^ลบ | ถูกลบ | ลบ(แล้ว|ออก|ชื่อ) | ลาออก | เสียชีวิต | ถึงแก่กรรม | ปฏิเสธ | ถอน(ตัว|ความ|การ|ชื่อ) | เพิกถอน
    | พ้นสภาพ | หยุด(รับ|ส่ง)
    """),
    re.VERBOSE,
)
_UNREACHABLE = re.compile(
    r"bounced|black ?list|block ?list|\b(bounces?|blocked|complain|spam|undeliverable|unreachable|unzustellbar|abuse)"
    r"|\b(npai|mail returned|returned mail|rucklaufer|retour$)|\b(e ?mail|adresse)( address)? ungultig"
    r"|^(e ?mail |adresse )?(ungultig|fehlerhaft|invalide)$|^(e ?mail )?invalid( e ?mail)?( address)?$|\bis bad$"
    r"|\b(wrong|bad|incorrect|falsche|mauvaise) (e ?mail|address|adresse)|^(undelivered|returned)$"
    r"|\bhard ?bounce|\brebota|\bзаблок|\bengellen|黑名单|黑名單|محظور"
    + one_spelling(
        r"|\bחסו[םמ]|\bספאם|\b(הו)?חזרו?\b|\bלא תקינ?|\bכתובת שגוי|\bרשימה שחורה"
        r"|برگشت|نامعتبر|\bمسدود|\bاسپم|هرزنامه|(لیست|فهرست) سیاه"
        r"|बाउंस|ब्लॉक|अवरुद्ध|अमान्य|स्पैम|वापस आ|ตีกลับ|เด้ง|บล็อก|สแปม|บัญชีดำ|(อีเมล์?|ที่อยู่)(ใช้ไม่ได้|ไม่ถูกต้อง|ผิด)"
    )
)
# A no in them means the same, and so does that somebody has not confirmed.
# In plain letters メルマガ begins with メルマカ.
_WANTED = re.compile(
    one_spelling(r"""
    opt(ed)?[ ]?in\b | \bsubscri | consent | \bpermission | newsletter | \bmailing | \bmarketing
    | ^(is[ ])?(active|activated|verified|enabled|aktiviert|actif|activo|ativo|attivo|aktywny|aktif)$ | \baktiv$
    | ^(активен|активныи|активнии)$
    | \b(wants|receives?|receivesmail|mailability|agree|accepte|accepts?|mailable|recevoir|recoit|souhaite)\b
    | \b(recibe|recibir|riceve|quiere|vuole|deseja|erhalt|mochte|wunscht)\b
    | \be?[ ]?mail[ ]allowed | \b(allow|can)[ ]e?[ ]?mails?
    | \bgdpr\b | \brgpd\b | \bdsgvo\b | einwillig | zustimm | \babonn | \babo\b | \binfolettre | \bboletin
    | \bsuscri | \biscritt | \binscri | \bassinant | erlaub | \bautoris | \bnieuwsbrief
    | \breceber\b | \bnyhetsbrev | \bрассылк | \bрозсилк | \bп[оі]дпис | النشرة | اشتراك | ^مشترك$ | \bzgod
    | \babone(lik)?\b | \bbulten | \bizin\b | 订阅 | 訂閱 | 接收 | 配信 | 購読 | メルマカ
    | ^(e[ ]?)?(nl|news)$ | \b(rundbrief|infobrief|infomail)\b | verteiler\b | \bwerbung\b | \bnews[ ]per\b
    | \bbulletin\b
    | \b(may|can)([ ]we)?[ ]contact | \bkontaktieren | \b(keep|stay|be)\b.*\b(informed|touch|posted|updated)\b
    | \bupdates$ | \bhear[ ]from\b | \blaufenden\b | \binformiert\b | \blettre[ ]d[ ]info | \binfos?[ ]par\b | \bautoriz
    | \be?[ ]?mail[ ](enabled|verified|confirmed|notifications?) | \bzugestimmt | \bdouble[ ]opt | \bdoi\b
    | \b(confirmed|verified)[ ](at|on)\b | \bsubscriber[ ]type\b | \blegal[ ]basis
    | \bnotif | \bcircula | \bcircolar | \brund(schreib|mail) | \bbenachrichtig | \b(zu|aus)sendung | ^versand$
    | \bfreigabe | \bfreigegeben | \beinverstand | \bgenehmig | \bkontaktierbar | \bcontactable | ^(e[ ]?)?mail([ ]ok)?$
    | \bauthori[sz] | ^(agreed|allowed|approved|interested|send|mailen)$ | \btoestemming | ^akk?oord$ | ^accord$
    | \bpermiso | \b(communications?|kommunikation|alerts?|announcements?)$ | \bprivacy\b | \bdatenschutz\b
    | \bdiff?usion | ^(e[ ]?)?mails$ | \binfo[ ]?mails?$ | \b(per|by|par|por|via|to)[ ](e[ ]?)?mail$
    | \bcontact[ ](me|allowed|ok|preference)\b | \bwilling[ ]to[ ]be\b | ^kontaktaufnahme$ | \beinladung(en)?$
    | ^empfanger$ | ^(accepted|opted|included?)$ | ^(envois?|envoyer|envios?|invio|ricevere)$
    | \bcomunica(ciones|zioni|coes)\b
    | \biscriv | \bsubscrev | \bzapisz | \bzapis(an|y)
    | \bεγγραφ | \bεγγεγραμ | \bσυγκαταθεσ | \bσυναινεσ | \bενημερωτικ | \bσυνδρομ | \bκατασταση\b | \bενεργ(οσ|η)\b
    | הסכמ | \bמסכי[םמ] | \bאישור | \bמאשר | דיוור | ניוזלטר | ידיעון | \bהרשמ | \bמנוי | \bרשו[םמ] | \bמעוני | \bפעיל
    | \bסטטוס | \bמצב\b
    | خبر[ ]?نامه | اشتراک | عضویت | \bمشترک | رضایت | موافق | \bاجازه | دریافت | \bمایل | ^فعال$ | \bوضعیت
    | सदस्यता | सब्सक्रा | न्यूजलेटर | समाचार[ ]?पत्र | सहमति | सहमत | अनुमति | ^सक्रिय$ | स्थिति | स्टेटस | पुष्टि
    | สมัคร | ข่าวสาร | จดหมายข่าว | ยินยอม | อนุญาต | รับข่าว | รับอีเมล | สมาชิก | ยืนยัน | ประสงค์ | สถานะ
    """),
    re.VERBOSE,
)
# Whatever the column is called: they speak of nothing else.
_LEFT_WORDS = """
    unsubscribed unsubscribe opted-out optedout opt-out abgemeldet abbestellt ausgetragen désabonné désabonnée desabonné
    désinscrit désinscrite desinscrit baja disiscritto disiscritta uitgeschreven отписан отписался wypisany wypisana
    descadastrado descadastrada отписалась відписаний відписана відписався відписалась відписано
    配信停止 配信解除 購読解除 解除済み 退会 退订 退訂 已退订 已退訂 取消订阅 取消訂閱 已取消订阅 已取消訂閱
    bounced hardbounced complained blacklisted blocklisted cleaned unreachable
    bounce deleted gelöscht blocked blockiert unbestätigt bajas rebotado rebotada dnc
    διαγράφηκε απεγγράφηκε ανενεργός ανενεργή
    הוסר הוסרה הוסרו בוטל בוטלה ביטל ביטלה להסיר لغو انصراف غیرفعال حذف रद्द अनसब्सक्राइब अनसब्सक्राइब्ड
    ยกเลิก ยกเลิกแล้ว ยกเลิกการรับ ยกเลิกการรับข่าวสาร ยกเลิกรับข่าวสาร ยกเลิกการสมัคร ยกเลิกสมาชิก ยกเลิกการเป็นสมาชิก เลิกรับ
    ไม่รับข่าวสาร ตีกลับ
"""
_LEFT_PHRASES = """
    opted out | opt out | hard bounce | hard bounced | do not email | do not contact | do not mail |
    dado de baja | dada de baja | de baja | abonelikten çıktı | abonelikten ayrıldı | no email | no mail |
    nomail | غير مشترك | ألغى الاشتراك | ביטל הרשמה | ביטלה הרשמה | ביטל את ההרשמה | ביטלה את ההרשמה | לא רשום |
    לא רשומה | לא לשלוח | لغو شد | لغو شده | لغو اشتراک | لغو عضویت | انصراف داد | انصراف داده | غیر فعال |
    حذف شد | حذف شده | सदस्यता रद्द | सदस्यता समाप्त | रद्द किया | हटाया गया | हटा दिया | हटा दिया गया
"""
_LEFT = frozenset(map(one_spelling, (*_LEFT_WORDS.split(), *map(str.strip, _LEFT_PHRASES.split("|")))))
# The state of a subscription, or a part of a country.
_STATE = re.compile(r"(state|estado|situacion|situacao|stato|стан|состояние|durum|durumu|状态|狀態)$")
# About something else: other ways to write to somebody, links, numbers.
_ELSE = re.compile(
    r"\b(sms|call|phone|fax|whatsapp|push|url|link|token|ip|id|count|rate|score|opens?|clicks?|opened|clicked|template"
    r"|track|tracking|cookies?|paid|plan|billing|active subscription)\b"
)
NOTE = "note"
"""What people wrote down in sentences, which no column can be."""
# Beside a question of consent or a status: it has not been given, or not yet.
_NOT_GIVEN = re.compile(
    one_spelling(r"""
    (not|never|nicht|noch[ ]nicht|keine?|ohne|pas|sin|sem|niet|do[ ]not|n/?a[ ]-)\b
    | (none|null|unknown|awaiting|waiting|declined|denied|refused|rejected|revoked|withdrawn|expired|paused|on[ ]hold
    |temp[ ]hold|stopped|unverified|unactivated|unmailable|removed|abgelehnt|verweigert|offen|entzogen|refusee?
    |en[ ]attente|off|aus|rechazad[oa]|negad[oa]|negato|negata|rifiutat[oa]|recusad[oa])$
    | [2-9]$ | -[1-9]$
    | (οχι|δεν|εκκρεμ|σε[ ]αναμονη|χωρισ)
    | (לא|אין|ללא|טרם|ממתי(ן|נה)|סירבה?|הו(פסק|שהה)|נדח|פג|בוטלה?)\b
    | (نه|خیر|هنوز|در[ ]انتظار|منتظر|رد|بدون|عدم|لغو|معلق|متوقف|نامشخص|منقضی|ندارد)\b
    | (नहीं|नही|न|ना|अभी|लंबित|प्रतीक्षा|अस्वीक|असहमत|निलंबित|रुक|बंद|अज्ञात|बिना)
    | (ไม่|ยังไม่|รอ(การ|ยืนยัน|ดำเนิน|อนุมัติ|ตรวจ|$)|ปฏิเสธ|ระงับ|หยุด|หมดอายุ|ถอน|ยกเลิก|งด)
    """),
    re.VERBOSE,
)
# Where a tick is a yes, nothing is a no; of when, whence and how often nobody needs to tick anything.
_TICKED = re.compile(
    r"opt(ed)? ?in\b|consent|permission|\bgdpr|\brgpd|\bdsgvo|einwillig|zustimm|newsletter|\b(e ?)?nl$"
    r"|\bagree|\baccept|\bautori[sz]|erlaub|abonn|infolettre|boletin|nieuwsbrief|nyhetsbrev|\bzgod"
    r"|e ?mail (is )?(verified|confirmed)|\bdoi\b|\bconfirmed (at|on)|\bverified (at|on)"
    r"|\bnotify|\bcircula|\brund(schreib|brief|mail)|\bfreigabe|einverstand|verteiler\b"
    r"|\bmailing( ?list[ea]?)?$|\binfo(brief|mail)|\bsubscribers?$|\bmarketing$|\babo$|\bbulletin$|\b(e ?)?news$"
    r"|\bcommunications?$|\bupdates$|\beinladung(en)?$|\b(ok|allowed) to (e ?)?mail$|\bcontact (allowed|ok)$"
    + one_spelling(
        "|συγκαταθεσ|συναινεσ|ενημερωτικ"
        "|הסכמ|אישור|מאשר|דיוור|ניוזלטר|ידיעון|رضایت|موافق|خبر ?نامه|اشتراک|اجازه|सहमति|न्यूजलेटर|समाचार ?पत्र|सदस्यता|अनुमति"
        "|ยินยอม|จดหมายข่าว|รับข่าว|รับอีเมล|อนุญาต|สมัครรับ"
    )
)
_DETAILS = re.compile(
    r"\b(source|quelle|origin|text|wording|version|topics?|themen|name|language|sprache|type|format|frequency|date|datum"
    r"|reason|method|notes?|segments?|campaigns?|since|seit)\b"
    + one_spelling(
        r"|\b(ημερομηνια|πηγη|γλωσσα|ειδοσ|λογοσ|תאריך|מועד|מקור|נוסח|סוג|שפ[הת]|סיב[הת]|הער(ה|ות)|تاریخ|زمان|منبع|متن|نوع|زبان|دلیل|یادداشت)\b"
        "|तिथि|दिनांक|तारीख|स्रोत|प्रकार|भाषा|कारण|टिप्पणी|วันที่|เวลา|ที่มา|แหล่ง|ประเภท|ภาษา|เหตุผล|หมายเหตุ"
    )
)
# Tags, as programs write several in a cell.
_PARTED = re.compile(r"[,;|\n]|:::")
_QUOTES = " \t\"'[]*"
# People and towns are called Baja, which in Spanish is also that somebody has left.
_BAJA = re.compile(
    r"name\b|\b(city|town|location|place|region|ort|wohnort|stadt|ville|commune|ciudad|localidad|poblacion|municipio"
    r"|provincia|citta|comune|cidade|varos|telepules)\b"
)
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def beside(meaning: str) -> list[tuple[str, Callable[[str], bool]]]:
    """Return what to look for in a column that is used for something else, such as what is written after a name."""
    if meaning == "address":
        return [(NOTE, _names_somebody_who_left)]
    if meaning in {"name", "first_name", "last_name", "topics"} or meaning.startswith("attributes."):
        return [(NOTE, _but_baja(_is_noted) if _BAJA.search(_named(meaning)) else _is_noted)]
    return []


def suspicion(header: str) -> list[tuple[str, Callable[[str], bool]]]:
    """Return what a column that is not used may be, with what says so in a cell."""
    name = _named(header)
    if _ELSE.search(name):
        return []
    if _NOT_WANTED.search(name):
        return [("left", _says_yes)]
    if _UNREACHABLE.search(name):
        return [("suppressed", _says_yes)]
    if _STATE.search(name):
        return [("consent", lambda cell: _says_no_in_words(cell) or speaks_of_leaving(cell))]
    if _WANTED.search(name) or "status" in name:
        return [("consent", _says_no)]
    return [("consent", _but_baja(_says_left) if _BAJA.search(name) else _says_left), (NOTE, _says_more)]


def _but_baja(speaks: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda cell: speaks(cell) and cell.strip().lower() != "baja"


def _names_somebody_who_left(cell: str) -> bool:
    return "<" in cell and speaks_of_leaving(cell.partition("<")[0])


def _is_noted(cell: str) -> bool:
    return _says_left(cell) or speaks_of_leaving(cell)


def _says_more(cell: str) -> bool:
    return speaks_of_leaving(cell) and not _says_left(cell)


def _plain(header: str) -> str:
    return plain(_HUMPS.sub(" ", header))


def _says_yes(cell: str) -> bool:
    return says_yes(cell) and "://" not in cell


def _says_no(cell: str) -> bool:
    # Forms let people answer in a sentence: "No, thank you".
    words = cell.split(maxsplit=1)
    return _is_no(read_consent(cell) or (read_consent(words[0]) if words else None)) or _is_not_given(cell)


def _is_not_given(cell: str) -> bool:
    said = " ".join(_plain(cell).replace("_", " ").split())
    return _NOT_GIVEN.match(said) is not None or speaks_of_leaving(cell)


def _is_no(said: Consent | Suppression | None) -> bool:
    return said in {Consent.UNSUBSCRIBED, Consent.PENDING} or isinstance(said, Suppression)


def _says_left(cell: str) -> bool:
    # Macs part letters from their accents.
    said = unicodedata.normalize("NFC", cell).strip().lower()
    if not said.isascii():
        # In Persian the end of a word may be parted from it by no blank at all, half a one or a whole one.
        said = one_spelling(said).replace("\u200c", " ")
    if said in _LEFT:
        return True
    return _PARTED.search(said) is not None and any(part.strip(_QUOTES) in _LEFT for part in _PARTED.split(said))


def _says_no_in_words(cell: str) -> bool:
    # A state is more often a part of a country, which has a short name or that of Baja California.
    return _says_left(cell) or (len(cell) > 3 and _is_no(read_consent(cell)))


def is_ticked(header: str) -> bool:
    """Whether a cell with nothing in it, beside a yes in another row, is a no."""
    name = _named(header)
    return _TICKED.search(name) is not None and not (_DETAILS.search(name) or _ELSE.search(name))


def says_yes_of_consent(cell: str) -> bool:
    """Whether a cell says in a word, or with a day, that somebody has agreed."""
    words = cell.split(maxsplit=1)
    return names_a_day(cell) or Consent.CONFIRMED in {read_consent(cell), read_consent(words[0]) if words else None}


def _named(header: str) -> str:
    return " ".join("".join(letter if is_of_words(letter) else " " for letter in _plain(header)).split())
