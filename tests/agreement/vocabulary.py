"""A small vocabulary for the language's own tests: facts of every type, and of every moment."""

from __future__ import annotations

from narrowgate.agreement.language import ParameterType
from narrowgate.terms.fact import Fact, Reads, Type, vocabulary

FACTS = vocabulary(
    (
        Fact("judged_on", Type.DATE, Reads.BATCH, "the day of judging"),
        Fact("opened_on", Type.DATE, Reads.REQUEST, "the day a matter was opened"),
        Fact("copies", Type.INTEGER, Reads.REQUEST, "rows alike", unit="rows"),
        Fact("officers", Type.INTEGER, Reads.REQUEST, "officers named"),
        Fact("share", Type.DECIMAL, Reads.REQUEST, "a share"),
        Fact("statute", Type.TEXT, Reads.REQUEST, "a citation"),
        Fact("note", Type.TEXT, Reads.REQUEST, "any text"),
        Fact("colour", Type.TEXT, Reads.REQUEST, "a class", values=("red", "green")),
        Fact("signed", Type.BOOLEAN, Reads.BATCH, "whether it is signed"),
        Fact("pending", Type.BOOLEAN, Reads.REQUEST, "whether anything is pending"),
        Fact("select", Type.BOOLEAN, Reads.REQUEST, "a name that SQL has a word for"),
        Fact("one_person", Type.BOOLEAN, Reads.RECORD, "whether one person was found"),
    )
)

COMPARISONS = vocabulary(
    (
        Fact("tin", Type.TEXT, Reads.RECORD, "the number", values=("exact", "near", "differs", "missing")),
        Fact("address", Type.TEXT, Reads.RECORD, "the address", values=("exact", "differs", "missing")),
    )
)

PARAMETERS = {
    "cap": ParameterType(Type.INTEGER, False, (25,)),
    "statutes": ParameterType(Type.TEXT, True, ("8 USC 1326", "8 USC 1253(a)(1)")),
    "warm": ParameterType(Type.TEXT, True, ("red",)),
    "wrong": ParameterType(Type.TEXT, True, ("blue",)),
}
