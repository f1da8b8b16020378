"""Read Thrift's compact protocol, in which Parquet writes its headers ("Thrift Compact protocol encoding").

Rules:
 * A struct is a mapping from field ids to values; what a field means, and of which type it must be, is for its reader.
 * Nothing is reserved for what a length promises: each value is read from bytes that are there.
"""

from __future__ import annotations

from typing import Any

from narrowgate_verify.problems import DoesNotVerify

_DEEPEST = 16
_LONGEST_VARINT = 70
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)

Struct = dict[int, Any]


class Reader:
    """Bytes, and the place up to which they were read."""

    def __init__(self, content: bytes, place: int = 0) -> None:
        self.content = content
        self.place = place

    def take(self, size: int) -> bytes:
        """The next `size` bytes; DoesNotVerify if there are fewer."""
        end = self.place + size
        if size < 0 or end > len(self.content):
            raise DoesNotVerify("it is cut off, or a length in it is wrong")
        taken, self.place = self.content[self.place : end], end
        return taken

    def varint(self) -> int:
        """An unsigned number of 7 bits in a byte, the lowest first."""
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift >= _LONGEST_VARINT:
                raise DoesNotVerify("a number in it is longer than any may be")

    def zigzag(self) -> int:
        """A number with a sign: 0, -1, 1, -2, ... as 0, 1, 2, 3, ..."""
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def struct(self, depth: int = 0) -> Struct:
        """The fields of a struct by their ids."""
        if depth > _DEEPEST:
            raise DoesNotVerify("a header in it is nested too deep")
        fields: Struct = {}
        field = 0
        while head := self.take(1)[0]:
            field = field + (head >> 4) if head >> 4 else self.zigzag()
            fields[field] = self._value(head & 0x0F, depth, in_list=False)
        return fields

    def _value(self, kind: int, depth: int, *, in_list: bool) -> Any:
        if kind in (_TRUE, _FALSE):
            return (self.take(1)[0] if in_list else kind) == _TRUE
        if kind == _BYTE:
            return self.take(1)[0]
        if kind in _INTEGERS:
            return self.zigzag()
        if kind == _DOUBLE:
            return self.take(8)
        if kind == _BINARY:
            return self.take(self.varint())
        if kind in (_LIST, _SET):
            return self._list(depth)
        if kind == _STRUCT:
            return self.struct(depth + 1)
        raise DoesNotVerify(f"a header in it has a value of the kind {kind}, which none has")

    def _list(self, depth: int) -> list[Any]:
        head = self.take(1)[0]
        count = head >> 4 if head >> 4 < 0x0F else self.varint()
        return [self._value(head & 0x0F, depth, in_list=True) for _ in range(count)]
