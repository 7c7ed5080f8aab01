"""What servers say of a failure in words, which count where their codes leave it open.

Servers word the same thing in hundreds of ways, so what is looked for here is what a sentence is about: the reader's
address, the sender and the connection, the message, a full mailbox, or the way to it.
"""

from __future__ import annotations

import re

# Whose name is a word such as spam is nobody's policy, and a dot in it ends no sentence.
_OTHERWISE = r"""\s<>"'(),;:\[\]"""
_ADDRESS = re.compile(rf"(?<![^{_OTHERWISE}])[^{_OTHERWISE}]+@[^{_OTHERWISE}]+")
# Each line of a reply begins with its code again (RFC 5321 §4.2.1), in the middle of a sentence.
_OF_SEVERAL_LINES = re.compile(r"(?<![\d.])([45]\d\d)-(?=\S)")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_POLICY = _words(
    r"""
    \b(anti-?)?spam\w* | black[ -]?list | (white|allow|block)[ -]?list | blocked | \bpolic(y|ies)\b | reputation
    | rejected[ ]content | \bunsolicited | spoofing | \b(rbl|dnsbl)\b | administrative[ ]prohibition | sender[ ]rejected
    | no[ ]smtp[ ]service | not[ ]accept[ ]delivery | failed[ ]to[ ]authenticate | host[ ]network[ ]not[ ]allowed
    | mail[ ]from[ ]\S+[ ]not[ ]allowed | not[ ]allowed[ ]to[ ]send | not[ ]accept(ing)?[ ]mail[ ](from|with)
    | (bad|invalid)[ ]:?dns[ ](ptr|mx)\b | \b(too[ ]many|excessive)[ ](invalid|unknown|bad|userid)\b
    # Yahoo, Apple, Microsoft, Cox and NetEase number what they have against a sender; Orange and La Poste number all
    # there is, and a few of their numbers are about the reader.
    | \[?TSS\d\d\]? | \[(PH|BL|HM|CS)\d\d\] | \bS3[01]\d\d\b | \b(SC|DY|OU)-00\d\b | \bAUP\#
    | \b(MI|RP|DT|HL|WM):[A-Z]{3}\b
    | \b(ofr|lpn|ouk)\w*[_-](?!4(16|17|20|26))\d{3}\b
    """
)
"""Policies, whatever else is said: servers that speak of one do not tell whether they know the reader."""
_OBJECTIONS = _words(
    r"""
    # to the sender, its address and its server
    \b(invalid|bogus|forged|unverified|unauthenticated|empty|null|unroutable)[ ](envelope[ ])?(senders?|mail[ ]from)\b
    | \bsender('s)?([ ](e?-?mail|envelope|ip|address|domain|id))*[ ](is[ ]|was[ ])?
      (address|domain|verif\w+|rejected|refused|denied|invalid|banned|empty|not|must|does|reverse)\b
    | \bnot[ ]a[ ]valid[ ]sender\b | \bbadsendermx\b | \bsendernoa\b | \bpurported[ ]responsible\b
    | \binvalid[ ]ip\b | \bno[ ]access[ ]from\b | \bconfirm[ ]this[ ]mail[ ]server\b
    | \b(of|list[ ]of)[ ]senders?\b | \bfrom:?[ ](address|domain|header)\b
    | \bmail[ ]from([ ]\S+)?[ ](refused|rejected|denied|not|is|must)\b
    | \b(invalid|bad|forged)[ ](helo|ehlo)\b | (?<!rejected:[ ])(?<!or[ ])(?<!relay[ ])\baccess[ ]denied\b
    | \b(helo|ehlo)\b[^.]{0,30}\b(rejected|invalid|denied|refused|requires|not[ ]match)\b
    | \b(spf|dkim|dmarc|batv|rdns|captcha)\b | \b(an?|no|missing|valid)[ ]ptr\b
    | \b(forward|bad)[ ]dns\b | \b(client|sending)[ ]ips?\b
    | \bcannot[ ]resolve[ ]your\b | \brelay[ ]host[ ]name\b | \bnot[ ]allowed[ ]to[ ]connect\b
    | \breverse\b[ -]?(dns|lookup|ip|\(ptr) | \bdynamic[ ](ip|dns)
    | \bclient[ ]host\b | \byour[ ](sender's[ ])?(ip|isp|smtp|hostname|mail[ ]server|server)\b
    | \b(ip|sending)[ ](address|profile|mta|server|host|ip)[ ](is|was|has|rejected|above)\b
    | (?<!not[ ])\blisted[ ](at|as|by|in[ ](?!.{0,40}(directory|book)))\b | \bis[ ]listed\b
    | \bbanned\b | \babus(e|ed|ive)\b | \bunwanted\b | \bsuspic\w+ | \bsuspect\w* | \bopen[ ]prox(y|ies)\b
    | \bauthenti[cf]\w+ | \bauth[ ]failed\b | \bnot[ ]been[ ]verified\b | \bonly[ ]accepting[ ]mail[ ]from\b
    | \bnot[ ]authori[sz]ed\b | \bverification[ ]fail
    | \b(start)?tls[ ](is[ ])?required\b | \brequires[ ](encryption|tls|high-strength)
    # to how much and how often it sends
    | \btoo[ ]many[ ](\w+[ ]){0,3}(connections?|sessions?|errors?|recipients?|requests?)\b | \bthrottl\w+
    | \b(connection|sending|thread)[ ](rate|limit|denied) | \brate[ ]limit | \bfrequency\b | \bemails[ ]per[ ]hour\b
    | \btrop[ ]de[ ]connexions\b
    | \bmass[ ]?mail | \bbulk\b
    # to the message
    | \b(virus(es)?|malware|infected)\b | \battachments? | \bexecutable\b | \bmime[ ]header
    | \bheaders?[ ](error|size|are|is|fail)\b | \b(duplicate|multiple|missing)[ ](\S+[ ])?headers?\b
    | \brfc[ ]?(2822|5322)\b | \bprotocol[ ]violation\b | \b(recipient|user)('s)?[ ]preferences\b
    | \blines?[ ](terminator|length|too[ ]long)\b | \bpipelining\b | \bjunk\b | \bautomatic[ ]messages\b
    | \b(message|mail|unacceptable|hostile|questionable)[ ]content | \bcontent[ ](reject|filter|scan|control)\w*
    | \b(message|mail)[ ](\w+[ ]){0,3}(rejected|refused|denied|filtered|bounced[ ]due)\b | \buser[ ]refused\b
    # to who may write to a list or a group
    | \b(submit|send|post)[ ](a[ ])?(messages?|mail)[ ]to[ ]this\b | \bpost[ ]to[ ]th(is|e)\b
    | \bpermission[ ]to[ ]post\b | \bgroups\.google\.com/support\b | \btopic=25838\b
    | \bmembers?[ -]only\b | \bnot[ ]subscribed\b | \bclosed[ ](mailing[ ])?list\b | \bpre-?approved\b
    """
)
"""What may be said against a sender or a message, unless the reader's address is what does not exist."""
_TOO_LARGE = _words(
    r"""
    \b(message|mail|size)([ ](is|file|length))?[ ]too[ ](large|big|long)\b
    | \bmax(imum)?([ ](incoming|inbound|permitted|allowed))?[ ](message|mail)[ ]size\b
    | \b(message|mail)([ ]header)?[ ](size|length)([ ]limit)?[ ](exceeds|exceeded|limit)\b | \bmessage[ ]exceeds
    | \bline[ ]limit[ ]exceeded
    | \bexceed(s|ed)[ ](\w+[ ]){0,3}message[ ]size\b
    | \btaille[ ]limite[ ]du[ ]message
    """
)
_FULL = _words(
    r"""
    \b(over-?)?quota\b | \b(mail[ ]?(box|folder|file)|inbox|account|folder|storage)\b([^.]{0,30}[ ])?full\b
    | \b(full[ ]mailbox|mailbox_full)\b | \bno[ ]space[ ]left\b | \bmessage[ ]count\b | \breceive[ ]more[ ]mail\b
    | \bfile[ ]too[ ]large\b | \bover[ ](its|their|the)[ ](quota|limit) | \bdis[kc][ ]?(space|quota)\b
    | \btoo[ ](many[ ](messages|mails)|much[ ]mail) | \bexceeds[ ]allowed[ ]size
    | \bat[ ]a[ ]rate[ ]that[ ]prevents | \btoo[ ]quickly\b
    | \bnot[ ](have[ ])?enough[ ](\w+[ ])?space\b | \binsufficient[ ](\w+[ ]){0,2}(space|storage)\b
    | \bstorage[ ](allocation|limit|exceeded)\b | \ballowed[ ]storage\b | \bspace[ ](limit|has[ ]been[ ]used)
    | \b(mail[ ]?box|mail[ ]file|account)\b[^.]{0,30}\b(size|limits?)\b
    | \bbo[iî]te\b[^.]{0,30}\bpleine\b | \bpostfach\b[^.]{0,30}\bvoll\b | \bbuz[oó]n\b[^.]{0,30}\bllen[oa]\b
    | \bcasella\b[^.]{0,30}\bpiena\b | \bcaixa\b[^.]{0,30}\bcheia\b | \bпереполнен | 邮箱.{0,4}满 | 容量.{0,6}超
    """
)
_TEMPORARY = _words(r"\btemp(orar\w*|_?fail\w*)\b | \btry[ ](again|later) | \bdelivery[ ]attempts[ ]will[ ]continue\b")
_ON_THE_WAY = _words(
    r"""
    \b(too[ ]many|excessive)[ ](hops\b|recursi\w+) | \bhop[ ]count\b | \b(mx)?loop(s|ing|ed|back)?\b
    | \bpoints[ ](back[ ]to|to[ ]local[ ]host)\b
    | \bmaximum[ ]allowed[ ]times\b | \bnext[ -]hop\b | \bqueue[ ](period|too[ ]long|file) | \bin[ ]the[ ]queue\b
    | \bnot[ ]reachable\b | \bunreachable\b | \btime[ds]?[ -]?out\b | \bretr(y|ies)\b
    | \b(message|envelope|delivery|time|queue)\b[^.]{0,40}\bexpired\b | \bfrozen[ ]on\b
    | \b(delivered|collected|deliver)[ ](within|after|for)\b[^.]{0,20}[ ]\d+[ ](seconds|minutes|hours|days?)\b
    | \bbeen[ ]delayed\b | \brequests[ ]to[ ]connect\b | \bsocket[ ]error\b | \bnumerous[ ]attempts\b
    | \b(delivery|hosts?)\b[^.]{0,40}\bfail(ed|ing)[ ](\d+[ ]attempts|for[ ]a[ ]long[ ]time)
    | \bmore[ ]than[ ]\d+[ ](hours|days)\b
    | \bconnection\b[^.]{0,20}[ ](refused|dropped|reset|closed|lost|broken)\b | \blost[ ]connection\b
    | \bsmtp[ ]con(versation|nection)\b
    | \b(could|did|can)([ ]?not|'t)[ ](connect|respond) | \bno[ ]answer[ ]from\b | \bno[ ]route[ ]to[ ]host\b
    | \bunable[ ]to[ ](connect|relay|resolve[ ]route)
    | \blookup[ ]fail | \b(unexpected|malformed)\b[^.]{0,40}\bname[ ]server[ ]reply
    | \brelay(ed|ing)?\b(?![.-]).{0,60}[ ](not[ ]|denied|prohibited) | \b(open|mail|to|not)[ ]relay\b
    | \ballowed[ ]rcpthosts?\b | \bnot[ ]a[ ]gateway\b
    | (\bnot|n't)[ ]handle[ ]mail[ ]for\b
    | \b(service|server|system)\b[^.]{0,30}\b(not[ ]available|unavailable|full|busy|misconfigur\w+)
    | \b(config(uration)?|internal|local|server|system|mailer|write)[ ](server[ ])?error\b | \berror[ ]in[ ]processing
    | \berror[ ]while[ ]being[ ]processed\b | \bnot[ ]unique\b | \bambiguous\b
    | \binterrupted[ ]system[ ]call | \bprocmail\b | \bmaildrop\b | \bcommand[ ](failed|died|output)
    # a program of the reader's server that could not write, and Exchange's store and directory
    | \bcreate[ ](\S+[ ])?output\b | \binsufficient[ ]permission | \bstoredrv\b | \bbadprimary\b
    """
)
_READER = (
    r"(user(id|name)?|recipients?|addressee|mail[ -]?box|account|(e?-?mail[ ])?address(es)?|rcpt|local[ ]part|alias"
    r"|person)"
)
_DEAD = _words(
    rf"""
    \b(unknown|unrecognized|invalid|bad|illegal|inactive|archived|deactivated|non-?[ ]?existent|no[ ]such)
      ([ ]or[ ]\w+|/\w+)?[ _-](virtual[ ])?{_READER}\b
    | \b{_READER}[ ](is[ ]|was[ ]|were[ ]|has[ ]been[ ])?(administrative(ly)?[ ])?
      (unknown|invalid|inactive|expired|disabled|closed|deactivated|deleted|discontinued|terminated|no[ ]longer
      |not[ ](found|known|active|valid|exist|local|present|listed|recognized))\b
    | \b{_READER}\b[^.]{{0,80}}\b(does[ ]not|doesn't|do[ ]not)[ ]exist
    | \b{_READER}\b[^.]{{0,40}}[ ]not[ ](be[ ])?(found|known|listed)\b
    | \bnot[ ]an?[ ](valid|known|local|active)[ ]{_READER}\b | \bdoesn't[ ]have[ ]an?[ ]\S+[ ]account
    | \bno[ ](mail[ ]?box|account|user|one)[ ](here|by[ ]that|found|available|at[ ]this)
    | \bno[ ]longer[ ](valid|accept(s|ing)?|on[ ]server|in[ ]use|active|works?|employed)\b
    | \brecip(ient)?notfound\b | \bnot[ ]our[ ]customer\b | \b(badrcptto|validrcptto)\b
    | \b(benutzer|empf(ä|ae)nger|adressat|postfach|adresse|utilisateur|destinataire|usuario|destinatario|utente
      |usu[aá]rio|destinat[aá]rio|odbiorca|пользователь|адрес\w*)\b[^.]{{0,60}}\b(unbekannt|existiert[ ]nicht|inconnue?
      |n'existe[ ]pas|desconocid[oa]|no[ ]existe|sconosciut[oa]|inesistente|desconhecid[oa]|inexistente|nie[ ]istnieje
      |не[ ](существует|найден))
    | \b(no[ ]existe|nessun)[ ](\w+[ ])?(usuario|persona|destinatario|utente)\b
    | (用户|收件人|邮箱|邮件地址).{{0,12}}不存在 | (宛先|ユーザ|アドレス).{{0,60}}(存在しません|見つかりません)
    """
)
_NO_PLACE = _words(
    r"""
    \b(unknown|no[ ]such)[ ](host|domain)\b
    | \b(host|domain)([ ]or[ ]domain)?([ ]name)?[ ](is[ ])?(unknown|not[ ]found(?!,[ ]try)|does[ ]not[ ]exist)\b
    """
)
_ABOUT_SENDERS = _words(r"\bsenders?\b | \bfrom\b(?![ ]remote)")
_ABOUT_A_SENDER = _words(
    r"""
    \bsender('s)?[ ](?!as[ ]) | \b(allowed|permitted|approved|safe|trusted)[ ]senders\b | \b(emetteur|absender)\b
    | \bfrom:?[ ](address|domain) | \breturn[ -]?(path|address)\b | \breply-?to\b | \bheaders?\b | \bclient[ ]host\b
    | \byour[ ](e?-?mail[ ])?(address|account)\b
    # and not in the name of a server
    | (?<![\w.-])(helo|ehlo|reverse|ptr|rdns|spf|dkim|dmarc)(?![\w-]|\.\w)
    """
)
_AFTER_THE_MESSAGE = _words(
    r"""
    # Postfix, Exim, qmail
    \(in[ ]reply[ ]to[ ](end[ ]of[ ]DATA|MAIL[ ]FROM|(EH|HE)LO)[ ]command\)
    | \bafter[ ](end[ ]of[ ]data|(pipelined[ ])?MAIL[ ]FROM|(EH|HE)LO|initial[ ]connection)\b
    | \bfailed[ ]after[ ]I[ ]sent[ ]the[ ]message\b
    """
)


def plain_words(said: str) -> str:
    """Return what was said as one line, with a sign for each address in it."""
    said = " ".join(_ADDRESS.sub("@", said).split())
    several = _OF_SEVERAL_LINES.search(said)
    if not several:
        return said
    again = re.compile(rf"\s{several[1]}[ -](#?[45]\.\d{{1,3}}\.\d{{1,3}}\s)?")
    return said[: several.end()] + again.sub(" ", said[several.end() :])


def is_refused(said: str) -> bool:
    """Return whether a server wants no such message, or none from this sender."""
    if _POLICY.search(said) or _TOO_LARGE.search(said):
        return True
    return bool(_OBJECTIONS.search(said)) and not is_dead(said) and not is_full(said)


def is_full(said: str) -> bool:
    """Return whether a mailbox takes no more for now."""
    return bool(_FULL.search(said))


def is_on_the_way(said: str) -> bool:
    """Return whether the message stayed on the way, or a server is out of order."""
    return bool(_TEMPORARY.search(said) or (_ON_THE_WAY.search(said) and not is_dead(said)))


def is_dead(said: str) -> bool:
    """Return whether there is no such reader."""
    return bool(_DEAD.search(said) or _NO_PLACE.search(said)) and not _ABOUT_A_SENDER.search(said)


def is_certainly_dead(said: str) -> bool:
    """Return whether there is no such reader, although a server calls it a policy."""
    # What is not found there may be the sender's own server, or a domain in the text.
    others = (_POLICY, _OBJECTIONS, _ABOUT_SENDERS, _ABOUT_A_SENDER, _FULL, _TEMPORARY)
    return bool(_DEAD.search(said)) and not any(words.search(said) for words in others)


def is_of_message(told: str) -> bool:
    """Return whether a report says that a server refused before it knew the reader, or after it had taken them."""
    return bool(_AFTER_THE_MESSAGE.search(told))
