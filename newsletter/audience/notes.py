"""What teams write about somebody who has left, in whole sentences: beside an address, after a name, among tags."""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.audience.spelling import one_spelling, plain

# Sentences need both: a word that takes away, and what it takes away, with no full stop between them.
_TAKEN_AWAY = re.compile(
    one_spelling(r"""
    \bun-?subscri | \b(un-?subs?|opt(ed)?[ ]?-?outs?|unconfirmed|unactivated|unmailable|undeliverable|unzustellbar)\b
    | \b(non-?subscri|mark(ed)?[ ]as[ ]spam|spam[ ]complain|by[ ](user|bounces)$|(hard|soft)[ -]?bounce)
    | \b(has|mails?|address)[ ]bounce | \bbounced\b | \bbounces$ | \bsuppressed\b | \b(black|block)-?listed\b
    | \b(please|asked|wants?|wishes)\b[^.;,:]{0,15}\b(remove|delete|unsub|taken[ ]off) | ^removed\b
    | \b(not|no|never)\b(?![ ][0-9])[^.;,:]{0,25}\b((e-?)?mail(s|ed)?|mailings?|newsletters?|contact(ed)?|writ(e|ing)
      |subscri\w*|consent\w*|confirmed|agreed?|opt(ed)?[ -]?in|send|works?[ ]here|interested)\b
    | (^|please[ ]|[.;,!-][ ]?)stop[ ](send|mail|writ|contact|e-?mail)
    | ^((has|he|she|they)[ ])?left[ ](in|on|the[ ](org|comp|list|inst|asso)|us|our|the[ ]lis|19|20)
    | (^|[(,;.-][ ]?|\b(?:has|is|was|sadly)[ ])(deceased|died|passed[ ]away)\b | \bis[ ]dead\b | ^rip\b | [†✝]
    | \bno[ ]longer\b | ^left[ ]\w+[ ]in\b | \b(off|from)[ ](the[ ])?(mailing[ ])?list\b
    | \bmails?[ ](comes?|came)[ ]back
    | \b(address|adresse)[ ](is[ ])?(dead|invalide?)\b | \bstop[ ](the[ ])?(newsletter|mailing) | \bobjection$
    | \bnichts?[ ]mehr\b | \baus[ ](dem[ ])?verteiler | ^austritt\b | \bmails?[ ](kam|kommt)[ ]zuruck
    | \bne\b[^.;,:]{0,20}\b(plus|rien)[ ](?!appel|telephon)\w | \ba[ ](quitte|demissionne)
    | \b(a[ ]supprimer|a[ ]retirer|da[ ]rimuovere)\b
    | \bno[ ]recibir | \bsolicit[aoó]+[ ]baja | \beliminar[ ]de | \bnon[ ]ricevere | \bgeen[ ](mail|e-mail|nieuwsbrief)
    | \bпрос(ит|ил|ила)[ ](не|удал)
    | \babgemeldet | \babbestellt | ^abmeldung | \bausgetragen\b | ^ausgetreten | \bhat[ ]gekundigt
    | ^(gekundigt|gesperrt|wider(spruch|rufen))\b
    | (^|[(,;.-][ ]?|\b(?:ist|leider)[ ])(verstorben|gestorben|tot\b)
    | \b(nicht|kein(e[nmrs]?)?|nie)\b[^.;,:]{0,25}(anschreib|kontaktier|bestatig|angemeldet|eingewilligt|einverstanden
      |zugestimmt|newsletter|(e-?)?mails?\b|mailings?\b|\bpost\b|werbung|zusend|interesse|erwunscht|schicken|zulassen)
    | \bnicht[ ]mehr[ ](im[ ]amt|dabei|bei|tatig)
    | \bbitte\b[^.;:]{0,25}\b(loschen|entfernen|streichen|austragen|abmelden)
    | \b(adresse|mail)[ ](ist[ ])?(ungultig|falsch|veraltet) | \bkommt[ ]zuruck
    | \bdes(inscri|abonn) | \b(ne|plus|pas)\b[^.;,:]{0,25}\b(contacter|ecrire|recevoir|envoyer|mails?|newsletter
      |courriels?|abonne|inscrit|confirme)
    | \bnon[ ](inscrit|abonne|confirme) | (^|[(,;.-][ ]?|\best[ ])decede | \bparti(e)?[ ](en|le)\b | \betre[ ]retire
    | \b(dad[oa]|darse)[ ]de[ ]baja\b | ^de[ ]baja\b | \bno[ ](quiere|desea|enviar|escribir|contactar|suscri|confirm)
    | \bya[ ]no[ ]trabaja
    | \bsin[ ](confirmar|consentimiento) | ^(fallec|falec|decedut[oa]|overleden|zmar[lł])
    | \bnao[ ](quer|deseja|enviar|contact|inscri|confirm)
    | \bnon[ ](vuole|scrivere|contattare|inviare|iscritt|conferm|desidera) | ^(si[ ]e[ ])?cancellat[oa]\b | \bdisiscritt
    | \bniet[ ](meer[ ])?(mailen|schrijven|aangemeld|bevestigd) | \buitgeschreven | \bafgemeld
    | \bnie[ ](pisac|wysylac|chce|potwierdz) | \bwypisan
    | \bне[ ](пис|присыл|отправ|хоч|подтвер|надсил) | ^(умер|помер) | \bотписа | \bвідписа
    | (^|[ ])لا[ ](ترسل|يرغب|يريد) | ^توفي | الغى[ ]الاشتراك | غير[ ]مشترك
    | \bistemiyor | \bgondermeyin | ^vefat | \babonelikten[ ](cık|ayrıl)
    | \bδεν[ ](θελ|επιθυμ|εργαζ|επιβεβαι) | \bδιαγραφ(ηκε|τε|ει|η) | \bαπεγγραφ | \bνα[ ]μην[ ](στελ|σταλ|λαβ|λαμβ)
    | ^απεβιωσε
    | \b(ביטלה?|לבטל)[ ](את[ ])?(ה?הרשמ|ה?מנוי|ה?דיוור|ה?הסכמ) | \b[ושה]?הוסר[הו]?\b | \b(להסיר|הסירו|הסרה)\b
    | \b[וש]?(לא|אין)[ ](ל(שלוח|קבל|הטריד|פנות|כתוב|דוור)|מעוניי?נ|רוצה|אישר|הסכי|רשומה?\b)
    | \bלא[ ](עובד|נמצא)ת?[ ](כאן|עוד|יותר)
    | (^|[(,;.-][ ]?)(נפטרה?|ז[\"״]ל)(\b|$) | \b(עזבה?|פרשה?)[ ]את | (מייל|הודע(ה|ות)|אלקטרוני)[ ]חו?זר
    | כתובת[ ]שגוי | \bהלכה?[ ]לעולמ
    | لغو[ ](شد|کرد|عضویت|اشتراک|گردید|شود) | (اشتراک|عضویت)[^.;:]{0,25}لغو | \bانصراف[ ]?(داد|از|$)
    | (نفرستید|(ایمیل|پیام)[ ]ن(زن|ده)ید|ارسال[ ](نشود|نکنید)|تماس[ ](نگیرید|گرفته[ ]نشود)) | نمی[ ]?خواه
    | (تمایل|رضایت)ی?[ ](ن|به[^.;:]{0,20}ندار)
    | (^|[(،,;.-][ ]?)(درگذشت|فوت|مرحوم|متوفی) | (حذف)[ ](شود|کنید|شد|گردد) | (ایمیل|نامه|پیام)[^.;:]{0,15}برگشت
    | از[ ](سازمان|اداره|شرکت|وزارت)[^.;:]{0,15}رفت | دیگر[^.;:]{0,25}(نیست|نمی|کار[ ]نمی)
    | (تایید|تأیید)[ ]ن(شده|کرده)
    | रद्द[ ](क|हो|ह) | सदस्यता[^.;:।]{0,15}(रद्द|समाप्त|छोड) | न[ ]भेज(ें|ा|ो|िए|ने) | संपर्क[ ]न
    | नहीं[ ](चाह|भेज|लेना)
    | (अब|यहां)[^.;:।]{0,20}नहीं[ ](ह|क|रह) | हटा([ ]द|एं|या|ने) | निधन | देहांत | दिवंगत | स्वर्गवास
    | सहमति[ ]नहीं
    | पुष्टि[ ]नहीं | (मेल|ईमेल|संदेश)[^.;:।]{0,15}(वापस|बाउंस)
    | ยกเลิก(การ)?(รับ|สมัคร|เป็นสมาชิก|สมาชิก|ข่าว|อีเมล|แล้ว|$)
    | ไม่(ต้องการ|ประสงค์|ขอ|อยาก)(จะ|ให้)?(รับ|ส่ง|ติดต่อ) | (ห้าม|งด|อย่า)(ส่ง|ติดต่อ)
    | ไม่ต้องส่ง | ไม่(ได้)?(ยินยอม|ยืนยัน) | (เสียชีวิต|ถึงแก่กรรม) | ลบ(ชื่อ|ออก|อีเมล|ที่อยู่) | ลาออก
    | ไม่ได้ทำงาน | เมล์?(ตีกลับ|เด้ง) | ไม่รับ(ข่าว|อีเมล|จดหมาย)
    | ไม่อยู่แล้ว
    | ขอให้(ลบ|ถอด|เอาออก|หยุด)
    """),
    re.VERBOSE,
)
# A look at the first letters of words is quick, and passes over names, streets and dates.
_STEMS = frozenset(
    one_spelling("""
    unsu unco unac unma unde unzu opto opte mark boun supp blac bloc plea aske wish remo dece died pass abge abbe abme
    ausg geku gesp wide vers gest desi desa fall fale over zmar canc disi uitg afge wypi умер поме отпи відп
    διαγ απεγ απεβ الغى iste gond vefa abon addr aust supp reti
    """).split()
)
_WORDS = frozenset(
    one_spelling("""
    nichts longer off rip objection kam back quitte solicita solicito eliminar da geen просит просил просила from
    un non don doesn didn isn nonsubscribed spam by hard soft want wants not no never stop left dead tot nicht kein
    keine keinen keinem
    keiner keines nie bitte aus adresse mail kommt hat ne plus pas parti partie etre de dado dada darse ya sin nao si
    niet δεν μην не لا توفي غير † ✝
    """).split()
)
# Their words have parts before them, marks within them or no blanks between them, so that stems stand anywhere.
_UNPARTED = re.compile("[\u0590-\u06ff\u0900-\u097f\u0e00-\u0e7f]")
_WITHIN = one_spelling("""
    ביטל לבטל הוסר הסיר הסרה לא אין נפטר ז"ל ז״ל עזב פרש חוזר חזר שגוי לעולמ
    لغو انصراف نفرست نزنید ندهید رفت ارسال تماس نمی تمایل رضایت درگذشت فوت مرحوم متوفی حذف برگشت دیگر تایید
    रद्द सदस्यता भेज संपर्क नहीं हटा निधन देहांत दिवंगत स्वर्गवास वापस बाउंस
    ยกเลิก ไม่ ห้าม งด อย่า เสียชีวิต ถึงแก่กรรม ลบ ลาออก ตีกลับ เด้ง ขอให้
    """).split()
_BLANKS = str.maketrans(dict.fromkeys("!\"#$%&'’()*+,-./:;<=>?@[]_{|}~«»“”„–—…", " "))
_SHORTEST = 3
_LONGEST_KEPT = 200
"""Characters of a cell that is likely to come again; to remember longer ones would take memory for nothing."""


def speaks_of_leaving(cell: str) -> bool:
    """Whether a cell says in its words that somebody has left, must not be written to, or has not agreed."""
    return _speaks(cell) if len(cell) <= _LONGEST_KEPT else _speaks.__wrapped__(cell)


@lru_cache(maxsize=20_000)
def _speaks(cell: str) -> bool:
    if len(cell) < _SHORTEST or "://" in cell:
        return False
    said = plain(cell)
    if said.isascii() and said == cell.upper():
        return False
    words = said.translate(_BLANKS).split()
    if _WORDS.isdisjoint(words) and _STEMS.isdisjoint([word[:4] for word in words]) and not _is_within(said):
        return False
    said = said.replace("_", " ").replace("\u200c", " ").replace("n't", " not").replace("n’t", " not")
    return _TAKEN_AWAY.search(" ".join(said.split())) is not None


def _is_within(said: str) -> bool:
    return not said.isascii() and _UNPARTED.search(said) is not None and any(part in said for part in _WITHIN)
