"""Languages are told apart, also where nothing can be written."""

import subprocess
import sys

import pytest

from service.languages import identify

TEXTS = [
    ("en", "The council voted on Tuesday to close the bridge for repairs until the end of the year."),
    ("de", "Die Regierung hat am Montag ein Gesetz beschlossen, das im Herbst in Kraft treten soll."),
    ("ar", "قال الوزير يوم الاثنين إن الميزانية ستعرض على البرلمان قبل نهاية الشهر الجاري."),
    ("zh", "部长星期一表示，预算将在本月底之前提交议会审议，随后将进行表决。"),
]
READ_ONLY = """
import tempfile
tempfile._candidate_tempdir_list = list
try:
    tempfile.gettempdir()
except FileNotFoundError:
    pass
else:
    raise SystemExit("a temporary directory was found")
import service.cli, service.http.app
from service import clean
assert clean(b"The council voted on Tuesday to close the bridge.").article.inLanguage == "en"
assert tempfile.tempdir is None
"""


@pytest.mark.parametrize(("language", "text"), TEXTS)
def test_identify(language: str, text: str) -> None:
    assert identify(text) == language


@pytest.mark.parametrize("text", ["", "Yes.", "12 34 56 78 90 12 34 56 78 90 12"])
def test_too_little_to_tell(text: str) -> None:
    assert identify(text) is None


def test_every_door_opens_without_a_temporary_directory() -> None:
    subprocess.run([sys.executable, "-c", READ_ONLY], check=True)
