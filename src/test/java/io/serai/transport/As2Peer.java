package io.serai.transport;

import com.helger.as2lib.client.AS2Client;
import com.helger.as2lib.client.AS2ClientRequest;
import com.helger.as2lib.client.AS2ClientResponse;
import com.helger.as2lib.client.AS2ClientSettings;
import com.helger.as2lib.crypto.ECryptoAlgorithmCrypt;
import com.helger.as2lib.crypto.ECryptoAlgorithmSign;
import com.helger.as2lib.exception.AS2Exception;
import com.helger.as2lib.message.IMessage;
import com.helger.as2lib.partner.Partnership;
import com.helger.as2lib.partner.SelfFillingPartnershipFactory;
import com.helger.as2lib.processor.DefaultMessageProcessor;
import com.helger.as2lib.processor.module.AbstractProcessorModule;
import com.helger.as2lib.processor.receiver.AS2ReceiverModule;
import com.helger.as2lib.processor.storage.IProcessorStorageModule;
import com.helger.as2lib.session.AS2Session;
import com.helger.commons.collection.attr.StringMap;
import com.helger.security.keystore.EKeyStoreType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An AS2 partner that nobody here wrote: phax as2-lib, on a free port of the loopback interface.
 */
public final class As2Peer implements AutoCloseable {
  private static final String PASSWORD = "peer";

  /** A file that it took. */
  public record File(String name, byte[] content) {}

  private final String name;
  private final String hubName;
  private final As2Key hub;
  private final KeyStore keys;
  private final ServerSocket socket;
  private final List<File> files = new CopyOnWriteArrayList<>();

  /**
   * Starts it.
   *
   * @param hub of whom only the certificate is used
   */
  public As2Peer(String name, As2Key own, String hubName, As2Key hub) {
    this.name = name;
    this.hubName = hubName;
    this.hub = hub;
    try {
      keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          name.toLowerCase(),
          own.key().getPrivate(),
          PASSWORD.toCharArray(),
          new Certificate[] {own.certificate()});
      keys.setCertificateEntry(hubName.toLowerCase(), hub.certificate());
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var thread = new Thread(this::serve, "as2-peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve() {
    try {
      var session = new AS2Session();
      var certificates = new Certificates(keys);
      session.setCertificateFactory(certificates);
      certificates.initDynamicComponent(session, new StringMap());
      certificates.setPassword(PASSWORD);
      var partnerships = new SelfFillingPartnershipFactory();
      session.setPartnershipFactory(partnerships);
      var partnership = new Partnership("hub");
      partnership.setSenderAS2ID(hubName);
      partnership.setSenderX509Alias(hubName.toLowerCase());
      partnership.setReceiverAS2ID(name);
      partnership.setReceiverX509Alias(name.toLowerCase());
      partnership.setSigningAlgorithm(ECryptoAlgorithmSign.DIGEST_SHA_256);
      partnership.setEncryptAlgorithm(ECryptoAlgorithmCrypt.CRYPT_AES256_CBC);
      partnerships.addPartnership(partnership);
      var processor = new DefaultMessageProcessor();
      processor.addModule(new Store());
      session.setMessageProcessor(processor);
      var module = new AS2ReceiverModule();
      var attributes = new StringMap();
      attributes.putIn(AS2ReceiverModule.ATTR_PORT, socket.getLocalPort());
      module.initDynamicComponent(session, attributes);
      while (!socket.isClosed()) {
        try (var client = socket.accept()) {
          module.createHandler().handle(module, client);
        }
      }
    } catch (IOException e) {
      // closed
    } catch (AS2Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A store of keys that is at hand already. */
  private static final class Certificates
      extends com.helger.as2lib.cert.AbstractCertificateFactory {
    Certificates(KeyStore keys) {
      setKeyStore(keys);
    }

    @Override
    public void reinitKeyStore() {
      // it is in memory
    }
  }

  private final class Store extends AbstractProcessorModule implements IProcessorStorageModule {
    @Override
    public boolean canHandle(String action, IMessage message, Map<String, Object> options) {
      return DO_STORE.equals(action);
    }

    @Override
    public void handle(String action, IMessage message, Map<String, Object> options) {
      try {
        files.add(
            new File(
                message.getData().getFileName(),
                message.getData().getInputStream().readAllBytes()));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Where it takes messages. */
  public String url() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/as2";
  }

  /** What it took, oldest first. */
  public List<File> files() {
    return files;
  }

  /** Sends a file to the hub's port, signed and encrypted, and answers its receipt. */
  public AS2ClientResponse send(int port, String fileName, byte[] content) {
    var store = new ByteArrayOutputStream();
    try {
      keys.store(store, PASSWORD.toCharArray());
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
    var settings = new AS2ClientSettings();
    settings.setKeyStore(EKeyStoreType.PKCS12, store.toByteArray(), PASSWORD);
    settings.setSenderData(name, "peer@example.org", name.toLowerCase());
    settings.setReceiverData(hubName, hubName.toLowerCase(), "http://127.0.0.1:" + port + "/as2");
    settings.setReceiverCertificate(hub.certificate());
    settings.setEncryptAndSign(
        ECryptoAlgorithmCrypt.CRYPT_AES256_CBC, ECryptoAlgorithmSign.DIGEST_SHA_256);
    settings.setPartnershipName("to-hub");
    settings.setMDNOptions(
        "signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, sha-256");
    var request = new AS2ClientRequest("EDI");
    request.setContentType("application/edi-x12");
    request.setData(content);
    request.setFilename(fileName);
    return new AS2Client().sendSynchronous(settings, request);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
