"""What a file that is not in UTF-8 may say, so that whoever knows the people in it can choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.audience.file_encodings import ENCODINGS, known_encoding, readings
from newsletter.errors import AudienceError
from tests.audience.people import write

FILES = {
    "French": ("windows-1252", "email,nom,pays\na@example.org,Benoît Lefèvre,Côte d’Ivoire\n"),
    "Spanish of an old Mac": ("mac-roman", "email,nombre\na@example.org,Muñoz Ibáñez\nb@example.org,José Martín\n"),
    "German of DOS": ("cp850", "email,name\na@example.org,Jürgen Groß\nb@example.org,Käthe Öztürk\n"),
    "Polish": ("windows-1250", "email,imię\na@example.org,Łukasz Wójcik\nb@example.org,Małgorzata Dąbrowska\n"),
    "Polish of Unix": ("iso-8859-2", "email,imię\na@example.org,Łukasz Śliwiński\nb@example.org,Dąbrowska\n"),
    "Hungarian": ("windows-1250", "email,név\na@example.org,Kovács Gergő\nb@example.org,Szűcs Ágnes\n"),
    "Turkish": ("windows-1254", "email,ad\na@example.org,Gülşen Yıldız\nb@example.org,Çağrı Şahin\n"),
    "Lithuanian": ("windows-1257", "email,vardas\na@example.org,Jūratė Žemaitė\nb@example.org,Šarūnas\n"),
    "Russian": ("windows-1251", "email,имя\na@example.org,Анна Иванова\nb@example.org,Пётр Кузнецов\n"),
    "Russian of Unix": ("koi8-r", "email,имя\na@example.org,Анна Иванова\nb@example.org,Пётр Кузнецов\n"),
    "Ukrainian": ("windows-1251", "email,ім'я\na@example.org,Олександр Шевченко\nb@example.org,Юлія Їжакевич\n"),
    "Greek": ("windows-1253", "email,όνομα\na@example.org,Γιώργος\nb@example.org,Ελένη Ιωάννου\n"),
    "Hebrew": ("windows-1255", "email,שם\na@example.org,דוד כהן\nb@example.org,מרים לוי\n"),
    "Arabic": ("windows-1256", "email,الاسم\na@example.org,محمد علي\nb@example.org,فاطمة حسن\n"),
    "Vietnamese": ("windows-1258", "email,tên\na@example.org,Nguyê\u0303n Đông\n"),
    "Thai": ("cp874", "email,ชื่อ\na@example.org,สมชาย ใจดี\nb@example.org,สุดา รักไทย\n"),
    "Japanese": ("cp932", "email,名前\na@example.org,山田太郎\nb@example.org,佐藤花子\n"),
    "Chinese": ("gb18030", "email,姓名\na@example.org,王小明\nb@example.org,李娜\n"),
    "Chinese of Taiwan": ("big5", "email,姓名\na@example.org,陳大文\nb@example.org,林美玲\n"),
    "Korean": ("cp949", "email,이름\na@example.org,김민수\nb@example.org,이영희\n"),
}


@pytest.mark.parametrize("encoding, text", FILES.values(), ids=FILES)
def test_the_true_one_is_among_the_first_five(tmp_path: Path, encoding: str, text: str) -> None:
    """A command offers five, and each has words of its own to be known by."""
    content = text.encode(encoding)
    found = readings(write(tmp_path, content))[:5]
    assert text in [content.decode(one) for one, _ in found]
    assert len({words for _, words in found}) == len(found)


def test_words_that_tell_encodings_apart_come_first(tmp_path: Path) -> None:
    """Five of a long file that are the same in each of them would say nothing."""
    names = ["Zoé", "André", "Léa", "Noé", "Chloé", "Aimé", "Gergő"]
    content = "\n".join(["email,name", *(f"{number}@example.org,{name}" for number, name in enumerate(names))])
    found = dict(readings(write(tmp_path, content.encode("windows-1250"))))
    assert (found["windows-1250"][0], found["windows-1252"][0]) == ("Gergő", "Gergõ")


def test_encodings_that_say_the_same_of_a_file_are_offered_once(tmp_path: Path) -> None:
    """Whichever is chosen of them, nobody could tell."""
    assert readings(write(tmp_path, "email,name\na@example.org,Zoé\n".encode("windows-1252")))[0] == (
        "windows-1252",
        ("Zoé",),
    )
    assert "iso-8859-15" not in dict(readings(write(tmp_path, "email,name\na@example.org,Zoé\n".encode("iso-8859-15"))))


def test_what_nobody_writes_is_not_offered(tmp_path: Path) -> None:
    """A program has bytes of every kind, lists of people have not."""
    assert readings(write(tmp_path, b"email,name\na@example.org," + bytes(range(0x80, 0x100)) + b"\n")) == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Windows-1252", "windows-1252"),
        ("cp1250", "windows-1250"),
        ("Latin-1", "windows-1252"),
        ("ISO_8859_1", "windows-1252"),
        ("Shift JIS", "cp932"),
        ("UTF-8", ""),
        ("", ""),
    ],
)
def test_an_encoding_is_known_by_what_people_call_it(written: str, meant: str) -> None:
    """UTF-8 needs not be said."""
    assert known_encoding(written) == meant


def test_every_encoding_on_offer_can_be_said() -> None:
    """As it is shown."""
    assert [known_encoding(name) for name in ENCODINGS] == list(ENCODINGS)


@pytest.mark.parametrize(
    ("written", "fix"),
    [("windows-1522", "did you mean windows-1252?"), ("punycode", f"one of these: {', '.join(ENCODINGS)}")],
)
def test_an_encoding_that_is_not_known_is_told(written: str, fix: str) -> None:
    """Those of Python that are none of lists are not."""
    with pytest.raises(AudienceError) as caught:
        known_encoding(written)
    assert (caught.value.message, caught.value.fix) == (f"'{written}' is no encoding that is known here", fix)
