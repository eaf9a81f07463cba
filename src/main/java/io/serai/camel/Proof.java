package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.Secret;
import io.serai.inbox.IntakeRefused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Whether a webhook of one account comes from whom it says. The scheme is the profile's or the
 * account's, never the sender's.
 */
interface Proof {
  /**
   * Judges a request.
   *
   * @param headers its headers by name, null for those that are not there
   * @throws IntakeRefused when it cannot be judged now
   */
  boolean holds(byte[] body, Function<String, String> headers);

  /** Whether the headers alone tell that it holds for no body, so that none need be read. */
  default boolean lacks(Function<String, String> headers) {
    return false;
  }

  /** A proof that stands in the headers, whatever the body. */
  private static Proof inHeaders(Predicate<Function<String, String>> right) {
    return new Proof() {
      @Override
      public boolean holds(byte[] body, Function<String, String> headers) {
        return right.test(headers);
      }

      @Override
      public boolean lacks(Function<String, String> headers) {
        return !right.test(headers);
      }
    };
  }

  /** The proof that an account's webhooks have to bring. */
  static Proof of(Account account, Tokens tokens, Clock clock) {
    var verification = account.profile().verification();
    if (verification == null) {
      return inHeaders(headers -> false);
    }
    var scheme = verification.scheme().of(account);
    var secrets =
        verification.secret() == null ? List.<Secret>of() : account.secrets(verification.secret());
    var header = verification.header() == null ? null : verification.header().of(account);
    return switch (scheme) {
      case "none" -> (body, headers) -> true;
      case "standard-webhooks" -> new StandardWebhook(secrets, clock);
      case "ecdsa" -> new EcdsaProof(header, new VerificationKeys(account, tokens, clock));
      case "basic" -> basic(header, TokenRequest.value(account, verification.user()), secrets);
      case "bearer" -> inHeaders(headers -> Signatures.bearer(secrets, headers.apply(header)));
      default -> {
        var keys = secrets.stream().map(Secret::bytes).toList();
        var encoding = verification.encoding().of(account);
        var prefix = verification.prefix();
        var before =
            verification.url() == null
                ? null
                : TokenRequest.value(account, verification.url()).getBytes(StandardCharsets.UTF_8);
        yield (body, headers) ->
            Signatures.right(
                scheme, encoding, keys, before, body, strip(headers.apply(header), prefix));
      }
    };
  }

  private static String strip(String proof, String prefix) {
    if (prefix == null || proof == null) {
      return proof;
    }
    return proof.startsWith(prefix) ? proof.substring(prefix.length()) : null;
  }

  private static Proof basic(String header, String user, List<Secret> secrets) {
    return inHeaders(
        headers -> {
          var given = headers.apply(header);
          if (given == null || !given.regionMatches(true, 0, "Basic ", 0, 6)) {
            return false;
          }
          byte[] pair;
          try {
            pair = Base64.getDecoder().decode(given.substring(6).strip());
          } catch (IllegalArgumentException e) {
            return false; // not even an encoding of a pair
          }
          var ok = false;
          for (var secret : secrets) {
            var right = (user + ':' + secret.reveal()).getBytes(StandardCharsets.UTF_8);
            ok |= MessageDigest.isEqual(right, pair);
          }
          return ok;
        });
  }
}
