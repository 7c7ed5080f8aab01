"""CSV files as people have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.audience.table import open_table, read_headers
from newsletter.errors import AudienceError, UnclearLetters
from tests.audience.people import write

AS_UTF8 = (
    "save it again as UTF-8: in Excel choose File, Save As, 'CSV UTF-8 (comma delimited)'; in LibreOffice choose "
    "Save As, tick 'Edit filter settings' and take the character set 'Unicode (UTF-8)'"
)


def rows(folder: Path, content: bytes) -> list[tuple[int, list[str] | None]]:
    """Return the rows of a file with this content."""
    with open_table(write(folder, content)) as table:
        return list(table.rows)


def refusal(folder: Path, content: bytes) -> tuple[str, str, str]:
    """Return message, why and fix of the error that a file with this content raises."""
    with pytest.raises(AudienceError) as caught:
        rows(folder, content)
    return caught.value.message, caught.value.why, caught.value.fix


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t", b"|"])
def test_delimiters_line_ends_and_a_byte_order_mark_are_found_out(
    tmp_path: Path, start: bytes, end: bytes, delimiter: bytes
) -> None:
    """Excel, LibreOffice and other programs write CSV in their own ways."""
    lines = (b"email", b"name"), (b"a@example.org", "Jörg, der Erste; und letzte".encode()), (b"b@example.org", b"")
    content = start + end.join(delimiter.join(b'"' + cell + b'"' for cell in line) for line in lines) + end
    assert rows(tmp_path, content) == [
        (2, ["a@example.org", "Jörg, der Erste; und letzte"]),
        (3, ["b@example.org", ""]),
    ]


def test_a_row_is_named_by_the_line_where_it_begins(tmp_path: Path) -> None:
    """Quoted line breaks and empty lines do not put people off the track in their own editor."""
    content = b'\n\nemail,name\na@example.org,"two\nlines"\n\n,,\nb@example.org,B\n'
    assert rows(tmp_path, content) == [(4, ["a@example.org", "two\nlines"]), (8, ["b@example.org", "B"])]


def test_a_header_may_have_line_breaks(tmp_path: Path) -> None:
    """Its columns are those of the whole row."""
    with open_table(write(tmp_path, b'"first\nname","email\naddress"\nA,a@example.org\n')) as table:
        assert table.columns.places == {"first_name": 0, "address": 1}
        assert list(table.rows) == [(4, ["A", "a@example.org"])]


def test_excels_line_with_its_delimiter_is_understood(tmp_path: Path) -> None:
    """`sep=` says which it is, and is no row."""
    assert rows(tmp_path, b"sep=|\r\nemail|name\r\na@example.org|A;B\r\n") == [(3, ["a@example.org", "A;B"])]


def test_a_column_of_bare_addresses_needs_no_header(tmp_path: Path) -> None:
    """A list pasted into a text file is an import, too."""
    content = b"a@example.org\nb@example.org;\n"
    with open_table(write(tmp_path, content)) as table:
        assert (table.columns.places, table.columns.headers) == ({"address": 0}, ())
        assert list(table.rows) == [(1, ["a@example.org"]), (2, ["b@example.org"])]


def test_several_columns_need_a_header(tmp_path: Path) -> None:
    """Which is the name and which the language would be a guess."""
    assert refusal(tmp_path, b"a@example.org,A,en\n") == (
        "the first row of readers.csv has no names of columns",
        "which cell is the name, and which the language, would be a guess",
        "add a first row such as: address,name,language",
    )


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (
            '"Example, Anna" <anna@example.org>, Bo <bo@example.org>; c@example.org\n',
            [(1, '"Example, Anna" <anna@example.org>'), (2, "Bo <bo@example.org>"), (3, "c@example.org")],
        ),
        (
            "\nTo: Example, Anna <anna@example.org>; Bo <bo@example.org>,\nCc: c@example.org\n\nD <d@example.org>",
            [
                (2, "Example, Anna <anna@example.org>"),
                (3, "Bo <bo@example.org>"),
                (4, "c@example.org"),
                (5, "D <d@example.org>"),
            ],
        ),
        ("a@example.org\nB <b@example.org>\n", [(1, "a@example.org"), (2, "B <b@example.org>")]),
        (
            "a@example.org\nb@example.org, c@example.org\n",
            [(1, "a@example.org"), (2, "b@example.org"), (3, "c@example.org")],
        ),
        ("a@example.org\nb@example.org,Bo\n", [(1, "a@example.org"), (2, "b@example.org"), (3, "Bo")]),
    ],
)
def test_what_mail_programs_copy_is_a_list_of_people(
    content: str, found: list[tuple[int, str]], tmp_path: Path
) -> None:
    """One on a line or several, as in the line To of a message; nothing beside an address is dropped in silence."""
    assert rows(tmp_path, content.encode()) == [(number, [mailbox]) for number, mailbox in found]
    assert read_headers(write(tmp_path, content.encode())) == ()


def test_a_mapping_of_columns_that_are_not_there_is_told(tmp_path: Path) -> None:
    """Whoever names columns has another file in mind."""
    with (
        pytest.raises(AudienceError, match="no column is called 'Mail'"),
        open_table(write(tmp_path, b"Anna <anna@example.org>\n"), mapping={"email": "Mail"}),
    ):
        pass


def test_addresses_side_by_side_without_names_are_no_columns(tmp_path: Path) -> None:
    """They may be two of one person, who has agreed with one of them."""
    assert refusal(tmp_path, b"anna@example.org, bo@example.org\n") == (
        "the first row of readers.csv holds several addresses",
        "each row is one subscriber",
        "put every address on a line of its own",
    )


def test_broken_quotes_in_the_first_row_are_told(tmp_path: Path) -> None:
    """Without it nobody knows what the columns are."""
    message, _, fix = refusal(tmp_path, b'"Example" Anna,anna@example.org\n')
    assert message == "the quotation marks in row 1 of readers.csv do not match"
    assert "address,name,language" in fix


def test_a_file_without_addresses_is_told_with_its_columns(tmp_path: Path) -> None:
    """The message shows what was found instead."""
    assert refusal(tmp_path, b"Company;Phone\nExample;1\n") == (
        "no column of readers.csv is known to hold addresses",
        "its columns are Company, Phone",
        "call the column with the addresses 'email', or say which it is: --map email=\"name of the column\"",
    )


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"Newsletter sign-ups 2024,,\nEmail,Name,City\na@example.org,A,Wien\n", 2),
        (b"Sign-ups;\n\n;\nof July;\nName;E-Mail\nA;a@example.org\n", 5),
        (b"Our readers, 2026\n\nemail;name\na@example.org;A\n", 3),
    ],
)
def test_a_title_above_the_names_of_the_columns_is_told(content: bytes, row: int, tmp_path: Path) -> None:
    """As sheets for people have it; what it says about the columns would lead nowhere."""
    assert refusal(tmp_path, content) == (
        f"the names of the columns of readers.csv stand in row {row}, below a title",
        "the first row says what the columns are",
        "delete the rows above it, and save the file",
    )


def test_a_row_of_a_person_is_not_taken_for_names_of_columns(tmp_path: Path) -> None:
    """Somebody prefers mail."""
    message, _, _ = refusal(tmp_path, b"Kontakt;Kanal\nanna@example.org;email\n")
    assert message == "no column of readers.csv is known to hold addresses"


def test_rows_that_are_one_cell_are_told(tmp_path: Path) -> None:
    """A CSV file that was opened as text and saved again has quotation marks around whole rows."""
    assert refusal(tmp_path, b'"Email,Name"\n"a@example.org,Anna"\n') == (
        "each row of readers.csv is one cell",
        "there are quotation marks around whole rows, as where a file was opened as text and saved again",
        "export the list again, or remove the quotation marks in a text editor",
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"sep=;\n"])
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    """An empty file is a mistake, not an import of nobody."""
    assert refusal(tmp_path, content)[0] == "readers.csv is empty"


def test_a_file_of_windows_asks_which_of_its_words_are_right(tmp_path: Path) -> None:
    """The first row with such letters is named, and each encoding that it may be in with what it says by that."""
    content = "email,name\na@example.org,A\nb@example.org,Jürgen\n".encode("windows-1252")
    assert refusal(tmp_path, content) == (
        "readers.csv is not written in UTF-8: row 3 has letters in another encoding",
        "accented letters in names would come out wrong",
        "say which it is: --encoding windows-1252 where Jürgen is right; --encoding cp852 where JŘrgen is right; "
        "--encoding cp850 where J³rgen is right; or " + AS_UTF8,
    )


def test_an_encoding_that_is_said_is_read(tmp_path: Path) -> None:
    """Names of columns, too."""
    file = write(tmp_path, "email;prénom;größe\na@example.org;Zoë;1\n".encode("windows-1252"))
    assert read_headers(file, encoding="windows-1252") == ("email", "prénom", "größe")
    with open_table(file, encoding="windows-1252") as table:
        assert list(table.rows) == [(2, ["a@example.org", "Zoë", "1"])]


@pytest.mark.parametrize(
    "content", ["\ufeffemail,name\na@example.org,Jörg\n".encode(), "email,name\na@example.org,Jörg\n".encode("utf-16")]
)
def test_a_file_that_says_its_encoding_itself_is_believed(tmp_path: Path, content: bytes) -> None:
    """Whatever somebody says of it."""
    with open_table(write(tmp_path, content), encoding="windows-1252") as table:
        assert list(table.rows) == [(2, ["a@example.org", "Jörg"])]


def test_utf8_is_not_read_as_anything_else(tmp_path: Path) -> None:
    """Two bytes of UTF-8 would be two letters of Windows, and every name would be spoilt in the database."""
    file = write(tmp_path, "email,name\na@example.org,A\nb@example.org,Jörg\n".encode())
    with pytest.raises(AudienceError) as caught, open_table(file, encoding="windows-1252") as table:
        list(table.rows)
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "row 3 of readers.csv is written in UTF-8, not in windows-1252",
        "its accented letters would come out wrong",
        "leave the encoding out; where only a part of the file is in UTF-8, export the list again",
    )


def test_letters_of_two_bytes_are_not_taken_for_utf8(tmp_path: Path) -> None:
    """小 in GBK has the bytes of С in UTF-8."""
    file = write(tmp_path, "email,name\na@example.org,小\n".encode("gb18030"))
    with open_table(file, encoding="gb18030") as table:
        assert list(table.rows) == [(2, ["a@example.org", "小"])]


def test_an_encoding_that_does_not_fit_asks_again(tmp_path: Path) -> None:
    """A byte for which it has no letter tells."""
    file = write(tmp_path, "email,name\na@example.org,Ťažký\n".encode("windows-1250"))
    with pytest.raises(UnclearLetters) as caught, open_table(file, encoding="windows-1252") as table:
        list(table.rows)
    assert caught.value.message == "readers.csv is not written in windows-1252 throughout"
    assert caught.value.readings[0] == ("windows-1250", ("Ťažký",))


def test_a_file_in_two_encodings_is_exported_again(tmp_path: Path) -> None:
    """No single one is right for it, so none is offered."""
    content = "email,name\na@example.org,Jörg\n".encode() + "b@example.org,Zoë\n".encode("windows-1252")
    assert refusal(tmp_path, content) == (
        "readers.csv is not written in UTF-8: row 3 has letters in another encoding",
        "accented letters in names would come out wrong",
        AS_UTF8,
    )


def test_a_file_cut_off_inside_a_letter_is_not_utf8(tmp_path: Path) -> None:
    """The last byte counts, too."""
    assert refusal(tmp_path, "email\nä".encode()[:-1])[0].startswith("readers.csv is not written in UTF-8: row 2")


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf16_is_read_with_and_without_a_mark(tmp_path: Path, order: str, mark: str) -> None:
    """Excel calls it Unicode text, with tabs; databases leave the mark out."""
    content = f"{mark}email\tname\r\na@example.org\tJörg 🦉\r\nb@example.org\tعلي".encode(order)
    assert rows(tmp_path, content) == [(2, ["a@example.org", "Jörg 🦉"]), (3, ["b@example.org", "علي"])]


@pytest.mark.parametrize("tail", [b"b", b"\x00\xd8b\x00"])
def test_utf16_that_breaks_off_is_refused(tmp_path: Path, tail: bytes) -> None:
    """Half a letter, or half of a pair that makes one."""
    assert refusal(tmp_path, "email\na@example.org\n".encode("utf-16") + tail) == (
        "readers.csv begins in UTF-16, and is not written in it throughout",
        "it may have been cut off, or put together from two files",
        AS_UTF8,
    )


@pytest.mark.parametrize("begins", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_is_recognised(tmp_path: Path, begins: bytes) -> None:
    """It is what a spreadsheet saves if it is not asked for CSV, where a merged cell would keep its first row alone."""
    unmerged = (
        "undo merged cells that reach over several rows, and fill in each: a CSV file has their text in the first row "
        "alone"
    )
    found = refusal(tmp_path, begins + b"...")
    assert found == ("readers.csv is a workbook, not a CSV file", "", f"{unmerged}; then {AS_UTF8}")


def test_a_packed_folder_is_recognised(tmp_path: Path) -> None:
    """Mailchimp hands over an audience as one, with a file for each state."""
    file = tmp_path / "Audience.zip"
    file.write_bytes(b"PK\x03\x04...")
    with pytest.raises(AudienceError) as caught, open_table(file):
        pass
    assert caught.value.message == "Audience.zip is a folder packed into one file"
    assert caught.value.fix == "unpack it, and import the files in it one by one"


def test_a_packed_file_is_recognised(tmp_path: Path) -> None:
    """Its bytes are no letters in another encoding."""
    assert refusal(tmp_path, b"\x1f\x8b\x08\x00") == (
        "readers.csv is packed",
        "",
        "unpack it, and import the file in it",
    )


def test_quotation_marks_that_do_not_match_cost_one_row(tmp_path: Path) -> None:
    """The rows around it are read."""
    content = b'email,name\na@example.org,"A" B\nb@example.org,B\n'
    assert rows(tmp_path, content) == [(2, None), (3, ["b@example.org", "B"])]


def test_a_row_that_has_swallowed_others_is_not_used(tmp_path: Path) -> None:
    """Two stray quotation marks make one cell of two rows: nobody is confirmed by the state of somebody else."""
    content = b'email,name,status\na@example.org,"A,pending\r\nb@example.org,B",confirmed\nc@example.org,C,confirmed\n'
    assert rows(tmp_path, content) == [(2, None), (4, ["c@example.org", "C", "confirmed"])]


def test_a_cell_of_several_lines_is_one_cell(tmp_path: Path) -> None:
    """As in notes, be there an address in them."""
    content = b'email,notes\na@example.org,"met in Vienna, 2023\nwrite to: b@example.org, Bo\nc@example.org"\n'
    assert rows(tmp_path, content) == [
        (2, ["a@example.org", "met in Vienna, 2023\nwrite to: b@example.org, Bo\nc@example.org"])
    ]


def test_a_quotation_mark_that_is_never_closed_is_told(tmp_path: Path) -> None:
    """It would swallow everybody after it, so nothing is imported."""
    content = b'email,name\na@example.org,A\nb@example.org,"B\nc@example.org,C\n'
    assert refusal(tmp_path, content) == (
        "a quotation mark in row 3 of readers.csv is never closed",
        "everything after it would be taken for one cell",
        "close the quotation mark, or write two of them where one is meant as a letter",
    )
    assert refusal(tmp_path, content + b"d@example.org,D\n" * 20_000)[0] == (
        "a quotation mark in row 3 of readers.csv is never closed"
    )


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    """A file without line ends would fill the memory."""
    assert refusal(tmp_path, b"email\n" + b"x" * 200_000) == (
        "row 2 of readers.csv is longer than 131,072 letters",
        "no row of a list of addresses is that long, so this is another kind of file",
        "export the list as CSV, one subscriber a row",
    )


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The system's reason is shown."""
    with pytest.raises(AudienceError) as caught, open_table(tmp_path / "none.csv"):
        pass
    assert caught.value.message == f"{tmp_path}/none.csv cannot be read"
    assert caught.value.why == "No such file or directory"
    with pytest.raises(AudienceError, match=r"cannot be read$"), open_table(tmp_path):
        pass


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    """Every ten thousand lines, and at the end that all of it was read."""
    told: list[tuple[int, int]] = []
    content = b"email\n" + b"a@example.org\n" * 20_000
    with open_table(write(tmp_path, content), lambda done, size: told.append((done, size))) as table:
        assert sum(1 for _ in table.rows) == 20_000
    size = len(content)
    assert [total for _, total in told] == [size] * 3
    assert 0 < told[0][0] < told[1][0] <= told[2][0] == size


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"\xef\xbb\xbfE-Mail;Vorname \n", ("E-Mail", "Vorname")),
        (b"sep=;\nemail;first\t name;;E-Mail\n", ("email", "first name")),
        (b"Kontakt,Ort\nanna@example.org,Wien\n", ("Kontakt", "Ort")),
        (b"anna@example.org\nben@example.org\n", ()),
    ],
)
def test_the_names_of_columns_are_read_even_where_none_is_known(
    tmp_path: Path, content: bytes, names: tuple[str, ...]
) -> None:
    """Each once, so that a person can say what they are; an address is no name."""
    assert read_headers(write(tmp_path, content)) == names


def test_a_file_is_called_what_people_call_it(tmp_path: Path) -> None:
    """Where it lies under another name."""
    with pytest.raises(AudienceError, match=r"^contacts\.csv is empty$"):
        read_headers(write(tmp_path, b""), name="contacts.csv")
    with (
        pytest.raises(AudienceError, match=r"^no column of contacts\.csv is known"),
        open_table(write(tmp_path, b"a,b\n"), name="contacts.csv"),
    ):
        pass
