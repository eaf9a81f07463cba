package io.serai.hub;

import java.util.List;

/**
 * Sets a buffer, or removes it when it keeps nothing back. One that names a SKU holds with the
 * commit; one for many is spread over their levels right after it.
 */
public record BufferChange(Buffer buffer) {
  ApplyResult apply(Book book, Application cause) {
    var removed = buffer.units() == null && buffer.percent() == null;
    var room = book.storeroom;
    room.buffers.removeIf(
        b ->
            b.sku().equals(buffer.sku())
                && b.node().equals(buffer.node())
                && b.channel().equals(buffer.channel()));
    room.buffersSet.put(
        List.of(buffer.sku(), buffer.node(), buffer.channel()),
        new Storeroom.BufferSet(buffer, cause.actor()));
    if (!removed) {
      room.buffers.add(buffer);
    }
    if (!buffer.channel().isEmpty()) {
      room.remarked.add(buffer.sku());
    } else if (buffer.sku().isEmpty()) {
      room.spreads.add(buffer.node());
    } else {
      BufferSpread.over(book, buffer.sku(), buffer.node(), cause);
    }
    return new ApplyResult.Applied(null, null);
  }
}
