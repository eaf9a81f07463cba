package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What every channel of a process of simulators is told when it is opened.
 *
 * @param folder where its ledger is kept
 * @param port where it listens, 0 for a free one
 * @param mailboxPort where its mailbox listens, 0 for a free one; for those that have one
 * @param account its name in the hub
 * @param as2 where the hub takes AS2 messages, or {@code null}: those that exchange files then do
 *     it over SFTP
 * @param hub root of the hub, or {@code null} when nobody is told anything
 * @param seed where its chance begins
 * @param articles how many articles it offers
 * @param stock units of each that it shows at first
 * @param retrySpan over how long the retries of a webhook are spread
 * @param store the hub's node that tills sell from
 */
record ChannelSetup(
    Path folder,
    int port,
    int mailboxPort,
    String account,
    URI as2,
    URI hub,
    long seed,
    int articles,
    int stock,
    Duration retrySpan,
    String store) {

  /** Where the hub takes this account's webhooks, or {@code null}. */
  URI webhooks() {
    return webhooks(hub, account);
  }

  /** Where a hub takes an account's webhooks, or {@code null} when there is no hub. */
  static URI webhooks(URI hub, String account) {
    return hub == null
        ? null
        : URI.create(hub.toString().replaceAll("/+$", "") + "/webhooks/" + account);
  }
}
