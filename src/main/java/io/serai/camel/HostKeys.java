package io.serai.camel;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;
import io.serai.support.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The keys that an SFTP server may show: those that its account names and no others. None is ever
 * learnt.
 */
final class HostKeys implements HostKeyRepository {
  private static final String FINGERPRINT = "SHA256:";

  private final List<byte[]> digests = new ArrayList<>();
  private final List<HostKey> keys = new ArrayList<>();
  private volatile String shown;
  private volatile boolean known;

  /**
   * For what an account says.
   *
   * @throws IllegalArgumentException when one is neither a fingerprint nor a line of known_hosts
   */
  HostKeys(List<String> named) {
    for (var one : named) {
      var words = one.strip().split("\\s+");
      try {
        if (words.length == 1 && words[0].startsWith(FINGERPRINT)) {
          digests.add(Base64.getDecoder().decode(words[0].substring(FINGERPRINT.length())));
        } else {
          keys.add(key(words));
        }
      } catch (IllegalArgumentException | JSchException e) {
        throw new IllegalArgumentException(
            "a 'host-key' is neither a fingerprint such as 'SHA256:…' nor a line of known_hosts",
            e);
      }
    }
  }

  private static HostKey key(String[] words) throws JSchException {
    for (var i = 0; i + 1 < words.length; i++) {
      if (words[i].startsWith("ssh-") || words[i].startsWith("ecdsa-")) {
        return new HostKey(i == 0 ? "*" : words[0], Base64.getDecoder().decode(words[i + 1]));
      }
    }
    throw new IllegalArgumentException("no key");
  }

  /** The fingerprint of the key that was refused first, or null. */
  String shown() {
    return shown;
  }

  /** Whether a key was shown that is known. */
  boolean known() {
    return known;
  }

  /** Whether some are only known by their fingerprint, which does not tell their type. */
  boolean ofUnknownType() {
    return !digests.isEmpty();
  }

  @Override
  public int check(String host, byte[] key) {
    var digest = Sha256.of(key);
    known =
        digests.stream().anyMatch(one -> MessageDigest.isEqual(one, digest))
            || keys.stream()
                .anyMatch(
                    one -> MessageDigest.isEqual(Base64.getDecoder().decode(one.getKey()), key));
    if (known) {
      return OK;
    }
    shown = shown != null ? shown : FINGERPRINT + withoutPadding(digest);
    return CHANGED;
  }

  private static String withoutPadding(byte[] digest) {
    return Base64.getEncoder().withoutPadding().encodeToString(digest);
  }

  @Override
  public void add(HostKey hostkey, UserInfo ui) {
    // none is learnt
  }

  @Override
  public void remove(String host, String type) {
    // none is forgotten
  }

  @Override
  public void remove(String host, String type, byte[] key) {
    // none is forgotten
  }

  @Override
  public String getKnownHostsRepositoryID() {
    return "the account's host-key";
  }

  @Override
  public HostKey[] getHostKey() {
    return keys.toArray(HostKey[]::new);
  }

  /** Asked so that the server is asked for a key of a type that is known. */
  @Override
  public HostKey[] getHostKey(String host, String type) {
    return keys.stream()
        .filter(key -> type == null || type.equals(key.getType()))
        .toArray(HostKey[]::new);
  }
}
