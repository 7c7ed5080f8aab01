"""Does the email say where its sender can be found?"""

import re
from collections.abc import Iterator

from newsletter.checks.rendered import clean
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    settings = subject.facts.settings
    if settings is None:
        return
    wanted = _bare(settings.postal_address)
    if wanted.startswith(_SAMPLES) and not subject.facts.is_trial:
        place = subject.facts.origin.place("postal_address")
        fix = "write where your organisation can be found"
        yield Fault("the postal address is still that of the sample", place, fix=fix)
    for page, (_, _, text) in zip(subject.pages, subject.filled.values(), strict=True):
        wanted = _bare(settings.in_language(page.edition.language).postal_address)
        for part, words in (("HTML", page.text), ("text part", text)):
            if words.strip() and wanted not in _bare(words):
                place = page.place(page.body) if page.body is not None else subject.issue_place
                yield Fault(f"the {part} ({page.edition.language}) does not show the postal address", place)


def _bare(text: str) -> str:
    # Without any blanks: where lines of the text part end, Chinese and Japanese have none.
    return re.sub(r"[\W_]+", "", clean(text)).casefold()


# Those of a new newsletter, in each of its languages.
_SAMPLES = tuple(
    map(
        _bare,
        (
            "Our organisation, Street 1, 1000 City",
            "منظمتنا، الشارع 1، 1000 المدينة",
            "Unsere Organisation, Straße 1, 1000 Stadt",
            "Ο οργανισμός μας, Οδός 1, 1000 Πόλη",
            "Nuestra organización, Calle 1, 1000 Ciudad",
            "سازمان ما، خیابان ۱، ۱۰۰۰ شهر",
            "Notre organisation, Rue 1, 1000 Ville",
            "הארגון שלנו, רחוב 1, 1000 עיר",
            "हमारी संस्था, सड़क 1, 1000 शहर",
            "La nostra organizzazione, Via 1, 1000 Città",
            "当団体、通り1、1000 市",
            "Onze organisatie, Straat 1, 1000 Stad",
            "Nasza organizacja, Ulica 1, 1000 Miasto",
            "A nossa organização, Rua 1, 1000 Cidade",
            "Наша организация, Улица 1, 1000 Город",
            "องค์กรของเรา ถนน 1 เมือง 1000",
            "Kurumumuz, Sokak 1, 1000 Şehir",
            "Наша організація, Вулиця 1, 1000 Місто",
            "我们的机构，街道1号，1000 城市",
        ),
    )
)


RULE = Rule(
    code="DLV006",
    severity=Severity.ERROR,
    group=Group.DELIVERABILITY,
    title="no postal address",
    why="CAN-SPAM and the imprint laws of several European countries ask for it",
    fix="show {{ settings.postal_address }} in the footer of the theme",
    check=_check,
)
