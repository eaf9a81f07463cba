package io.serai.transport;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * How files go to one partner over AS2.
 *
 * @param url where it takes them, or null
 * @param sign the digest to sign with, or null
 * @param encrypt the cipher to encrypt with, or null
 * @param compress whether files are packed before they are signed
 * @param receiptTo where it sends its receipts later, or null when they are its answer
 * @param signedReceipts whether only signed receipts count
 * @param within how long a later receipt may take
 * @param connect how long the connection may take
 * @param call how long all of it may take
 * @param trust what its HTTPS certificate is proven by, or nothing for what the JDK trusts
 */
public record As2Way(
    URI url,
    String sign,
    String encrypt,
    boolean compress,
    URI receiptTo,
    boolean signedReceipts,
    Duration within,
    Duration connect,
    Duration call,
    List<X509Certificate> trust) {}
