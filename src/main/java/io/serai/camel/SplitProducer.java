package io.serai.camel;

import java.nio.charset.Charset;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * {@code serai:split/<document>}: makes each row of a CSV or fixed-width file a message of its own
 * under the file's, and ends the file as SPLIT, in one transaction. A row that cannot be read is
 * such a message too, with its fault and number in it, so it stops by itself and is replayed by
 * itself.
 */
final class SplitProducer extends DividingProducer {
  SplitProducer(SeraiEndpoint endpoint) {
    super(endpoint);
  }

  @Override
  void divide(Exchange exchange, InboxConsumer.Run run) throws SQLException {
    var message = run.message;
    var charset = Charset.forName(endpoint.getEncoding());
    var file = exchange.getMessage().getBody(byte[].class);
    var fixed = FixedWidth.is(endpoint.getWidths());
    var parts =
        new CsvParts(
            new CsvParts.Plan(
                endpoint.getAccount(),
                endpoint.getName(),
                message.eventType() == null ? message.publicId() : message.eventType(),
                message.publicId(),
                List.of(endpoint.getColumns().split(",")),
                List.of(endpoint.getBy().split(",")),
                "together".equals(endpoint.getRows()),
                "file".equals(endpoint.getOnce()),
                !fixed),
            fixed ? FixedWidth.csv(file, charset, endpoint.getWidths()) : file,
            charset);
    if (run.dry == null) {
      endpoint.hub().inbox().divide(message, parts, parts::summary);
    }
  }
}
