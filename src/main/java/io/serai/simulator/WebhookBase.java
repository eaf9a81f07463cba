package io.serai.simulator;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a stand-in keeps that tells of what happens, with the webhooks it still owes. */
abstract class WebhookBase extends LedgerBase {

  private final Map<String, Webhook> owed = new LinkedHashMap<>();
  private Consumer<Webhook> post = webhook -> {};

  WebhookBase(Clock clock) {
    super(clock);
  }

  /** Sends every webhook owed and from now on each new one. */
  final void postTo(Consumer<Webhook> sender) {
    List<Webhook> waiting;
    lock().lock();
    try {
      post = sender;
      waiting = new ArrayList<>(owed.values());
    } finally {
      lock().unlock();
    }
    waiting.forEach(sender);
  }

  /** Owes a webhook from now on; for {@link #apply} only. */
  final void owe(Webhook webhook) {
    owed.put(webhook.id(), webhook);
    post.accept(webhook);
  }

  /** Owes a webhook no longer; for {@link #apply} only. */
  final Webhook settle(String id) {
    return owed.remove(id);
  }

  final boolean owes(Webhook webhook) {
    lock().lock();
    try {
      return owed.containsKey(webhook.id());
    } finally {
      lock().unlock();
    }
  }

  /** How many webhooks are owed. */
  int owed() {
    return owed.size();
  }

  /** Writes what became of a webhook, unless that was written before. */
  final void finish(String operation, Webhook webhook, int status, int attempts) {
    lock().lock();
    try {
      if (owed.containsKey(webhook.id())) {
        record(
            operation,
            webhook.subject(),
            webhook.id(),
            Jsons.object()
                .put("topic", webhook.topic())
                .put("status", status)
                .put("attempts", attempts));
      }
    } finally {
      lock().unlock();
    }
  }
}
