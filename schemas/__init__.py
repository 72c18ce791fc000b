"""The contract: what a caller sees. Imports nothing of ours.

Field names are the JSON names, camelCase as in zyte-common-items and schema.org, so that one
spelling serves Python, JSON and the documentation alike.
"""

from schemas.about import Health, Version
from schemas.article import Article, Author, Part
from schemas.labels import LABELS, Action, Group, Label, LabelInfo
from schemas.problem import Problem, ProblemType
from schemas.quality import Grade, Quality
from schemas.request import CleanOptions, CleanRequest, OffsetUnit, Profile, SegmentChoice
from schemas.result import Accounting, Encoding, Engine, Result, ValidationMessage
from schemas.segment import Reason, Segment
from schemas.verdict import Decision, PageType, Verdict, VerdictReason

__all__ = [
    "LABELS",
    "Accounting",
    "Action",
    "Article",
    "Author",
    "CleanOptions",
    "CleanRequest",
    "Decision",
    "Encoding",
    "Engine",
    "Grade",
    "Group",
    "Health",
    "Label",
    "LabelInfo",
    "OffsetUnit",
    "PageType",
    "Part",
    "Problem",
    "ProblemType",
    "Profile",
    "Quality",
    "Reason",
    "Result",
    "Segment",
    "SegmentChoice",
    "ValidationMessage",
    "Verdict",
    "VerdictReason",
    "Version",
]
