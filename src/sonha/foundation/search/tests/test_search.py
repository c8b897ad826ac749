"""A citizen types without marks, an officer a document number, a phone sends decomposed letters: all find what they mean."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.search.folding import fold, number_key

pytestmark = pytest.mark.django_db

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
TEXTS = st.text(st.sampled_from(LETTERS + LETTERS.upper() + " 0123456789/-."), max_size=40)


def ask(sql: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", values)
        return cursor.fetchone()[0]


def found(text: str, query: str, function: str = "sonha_query") -> bool:
    return bool(ask(f"sonha_vector(%s, 'A', 'B') @@ {function}(%s)", text, query))


@pytest.mark.parametrize(
    ("text", "query", "hit"),
    [
        ("Đăng ký đất đai lần đầu", "dat dai", True),
        ("Đăng ký đất đai lần đầu", "ĐẤT ĐAI", True),
        ("Đăng ký đất đai lần đầu", unicodedata.normalize("NFD", "đất đai"), True),
        (unicodedata.normalize("NFD", "Đăng ký đất đai lần đầu"), "đất", True),
        ("Đăng ký đất đai lần đầu", "đạt", False),  # another word with the same letters
        ("Đăng ký đất đai lần đầu", "đất dai", True),  # marks on one word only
        ("Đăng ký đất đai lần đầu", '"đất đai"', True),
        ("đai của đất", '"đất đai"', False),
        ("Đăng ký đất đai lần đầu", "đất -đầu", False),
        ("Lưu lượng khai thác 200 m3/ngày đêm", "m3/ngày", True),
        ("Lưu lượng khai thác 200 m3/ngày đêm", "ngay dem", True),
        ("Lưu lượng khai thác 200 m³/ngày đêm", "m3/ngày", True),
        ("Quyết định số 473/QĐ-BTTTT", "473/QĐ-BTTTT", True),
        ("Quyết định số 473/QĐ-BTTTT", "473/qd-btttt", True),
        ("Quyết định số 473/QĐ-BTTTT", "474/QĐ-BTTTT", False),
        ("Sở Tài nguyên và Môi trường", "so tai nguyen", True),
        ("", "đất", False),
    ],
)
def test_words_find_texts(text: str, query: str, hit: bool) -> None:
    assert found(text, query) is hit


def test_the_last_word_may_be_unfinished() -> None:
    assert found("Cấp giấy phép khai thác nước dưới đất", "khai tha", "sonha_prefix_query")
    assert found("Cấp giấy phép khai thác nước dưới đất", "giấy ph", "sonha_prefix_query")
    assert not found("Cấp giấy phép khai thác nước dưới đất", "khai tham", "sonha_prefix_query")


@pytest.mark.parametrize("nonsense", ["", " ", "'", '"', "-", "- -", "&|!():*", "\\", "a'b", "'' ''", "<->", "đ:*A"])
def test_nothing_that_is_typed_breaks_the_search(nonsense: str) -> None:
    found("Đăng ký đất đai", nonsense)
    found("Đăng ký đất đai", nonsense, "sonha_prefix_query")


def test_a_missing_text_is_an_empty_vector() -> None:
    assert ask("sonha_vector(NULL, 'A', 'B') = ''::tsvector")


def test_numbers_have_their_own_key() -> None:
    assert ask("sonha_number(%s)", " 473/QĐ-BTTTT ") == "473/QD-BTTTT" == number_key(" 473/QĐ-BTTTT ")
    assert ask("sonha_number(%s)", "H37.12-180305-0001") == "H37.12-180305-0001"


@given(TEXTS, st.sampled_from(["NFC", "NFD"]))
def test_sql_and_python_fold_alike(text: str, form: str) -> None:
    text = unicodedata.normalize(form, text)
    assert ask("sonha_fold(%s)", text) == fold(text)
    assert ask("sonha_number(%s)", text) == number_key(text)


@given(TEXTS)
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    words = text.replace("-", " ")
    if any(char.isalnum() for char in words):
        assert found(text, words)
        assert found(text, fold(words))


def test_sorting_follows_the_alphabet() -> None:
    names = ["Đình Lập", "Cao Lộc", "Bình Gia", "Ẩn", "Bắc Sơn", "Dương", "Ăn", "An"]
    ordered = ask('(SELECT array_agg(name ORDER BY name COLLATE "vi") FROM unnest(%s::text[]) AS name)', names)
    assert ordered == ["An", "Ăn", "Ẩn", "Bắc Sơn", "Bình Gia", "Cao Lộc", "Dương", "Đình Lập"]
