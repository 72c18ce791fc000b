"""Ghirbal: a raw page dump in, a validated clean article out.

>>> from service import clean
>>> clean("Bread prices rose on Monday, the ministry said.".encode()).article.articleBody
'Bread prices rose on Monday, the ministry said.'
"""

from service.pipeline import clean
from service.version import VERSION

__all__ = ["VERSION", "clean"]
