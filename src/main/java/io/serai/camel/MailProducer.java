package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.FailureKind;
import io.serai.support.Json;
import io.serai.transport.MailPost;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * {@code serai:mail}: sends the body, {@code {"subject", "text", "thread"}}, as one mail to the
 * account's recipients and answers a receipt, on a thread of its own.
 */
final class MailProducer extends QueuedProducer {
  private static final int AT_ONCE = 2;

  private final SeraiEndpoint endpoint;
  private MailPost post;
  private Duration call;

  MailProducer(SeraiEndpoint endpoint) {
    super(endpoint, "serai-mail", AT_ONCE, "mail");
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var account = endpoint.hub().configuration().account(endpoint.getAccount());
    if (account == null) {
      throw new IllegalArgumentException(
          "No account is named '%s'.".formatted(endpoint.getAccount()));
    }
    call = account.profile().deadlines().call();
    post =
        new MailPost(
            new MailPost.Settings(
                account.name(),
                account.text("host"),
                account.number("port").intValue(),
                MailPost.Security.valueOf(account.text("security").toUpperCase(Locale.ROOT)),
                account.text("username"),
                account.has("password") ? account.secret("password").reveal() : null,
                account.text("sender"),
                account.texts("recipients"),
                account.profile().deadlines().connect(),
                call));
  }

  @Override
  void answer(Exchange exchange) {
    var key = key(exchange);
    inTime(exchange, call);
    var mail = exchange.getMessage().getBody(JsonNode.class);
    if (mail == null || !mail.path("subject").isTextual() || !mail.path("text").isTextual()) {
      throw failed(
          FailureKind.CONFIG,
          "A mail of '%s' has no 'subject' or no 'text'. Correct the mapping before 'serai:mail' in route '%s', then replay."
              .formatted(endpoint.getAccount(), exchange.getFromRouteId()));
    }
    var id =
        post.send(
            key,
            new MailPost.Mail(
                mail.path("subject").textValue(),
                mail.path("text").textValue(),
                mail.path("thread").textValue()),
            endpoint.hub().clock().instant());
    exchange
        .getMessage()
        .setBody(Json.MAPPER.valueToTree(Map.of("outcome", "confirmed", "remoteId", id)));
  }
}
