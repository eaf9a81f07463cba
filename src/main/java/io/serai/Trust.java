package io.serai;

import io.serai.catalog.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The authorities that this process trusts when it calls others: those the JVM comes with and those
 * of a file of yours. To be settled before anything is called.
 */
final class Trust {
  static final String FILE = "SERAI_TRUST_FILE";
  private static final String PASSWORD = "serai-trust"; // nothing in it is secret

  private Trust() {}

  /**
   * Trusts what the environment names besides, in all that this process calls from now on.
   *
   * @return why it cannot, as a sentence; null when it does, or nothing is named
   */
  static String settle(Map<String, String> environment) {
    var file = environment.get(FILE);
    if (file == null || file.isBlank()) {
      return null;
    }
    try {
      var kept = Files.createTempFile("serai-trust", ".p12");
      kept.toFile().deleteOnExit();
      try (var out = Files.newOutputStream(kept)) {
        store(Path.of(file)).store(out, PASSWORD.toCharArray());
      }
      System.setProperty("javax.net.ssl.trustStore", kept.toString());
      System.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
      System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
      return null;
    } catch (NoSuchFileException e) {
      return "'%s' names '%s', which does not exist. Name a file of certificates in PEM, or remove the variable."
          .formatted(FILE, file);
    } catch (IllegalArgumentException e) {
      return "'%s' names '%s', which cannot be used: %s. Put the authorities' certificates there in PEM."
          .formatted(FILE, file, e.getMessage());
    } catch (IOException | GeneralSecurityException e) {
      return "What '%s' names cannot be trusted (%s). Correct the file '%s'."
          .formatted(FILE, e.getMessage(), file);
    }
  }

  /** The usual authorities and those of a file. */
  static KeyStore store(Path file) throws IOException, GeneralSecurityException {
    var given = Pem.certificates(Files.readString(file));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var usual = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    usual.init((KeyStore) null);
    for (var manager : usual.getTrustManagers()) {
      if (manager instanceof X509TrustManager authorities) {
        for (var issuer : authorities.getAcceptedIssuers()) {
          store.setCertificateEntry("usual-" + store.size(), issuer);
        }
      }
    }
    for (var one : given) {
      store.setCertificateEntry("given-" + store.size(), one);
    }
    return store;
  }
}
