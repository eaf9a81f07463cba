package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The JSON protocol of SQS over one queue: receive, delete, delete in a batch, change visibility.
 *
 * <p>Who calls is told by the access key in the header {@code Authorization}; the signature beside
 * it must be there and is not computed again.
 */
final class SqsFace {

  static final String RECEIVE = "ReceiveMessage";
  static final String DELETE = "DeleteMessage";
  static final String DELETE_BATCH = "DeleteMessageBatch";
  static final String HIDE = "ChangeMessageVisibility";

  private static final String TARGET = "X-Amz-Target";
  private static final Pattern SIGNED =
      Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/.*Signature=[0-9a-f]{64}.*");

  private final SqsQueue queue;
  private final AmazonOptions options;
  private final String path;

  SqsFace(SqsQueue queue, AmazonOptions options, String path) {
    this.queue = queue;
    this.options = options;
    this.path = path;
  }

  /** Whether a request is meant for a queue. */
  static boolean owns(Request request) {
    return request.header(TARGET).isPresent();
  }

  /** The operation asked for, such as {@code ReceiveMessage}. */
  static String operation(Request request) {
    var target = request.header(TARGET).orElse("");
    return target.substring(target.indexOf('.') + 1);
  }

  Answer answer(Request request) throws Exception {
    var signed = SIGNED.matcher(request.header("Authorization").orElse(""));
    if (!signed.matches()) {
      return error(403, "MissingAuthenticationToken", "The request must be signed.");
    }
    if (!options.accessKey.equals(signed.group(1))) {
      return error(403, "InvalidClientTokenId", "The security token of the request is invalid.");
    }
    JsonNode body;
    try {
      body = request.json();
    } catch (IOException e) {
      return error(400, "SerializationException", "The body is not JSON.");
    }
    if (!body.path("QueueUrl").asText().endsWith(path)) {
      return error(400, "QueueDoesNotExist", "The specified queue does not exist.");
    }
    return switch (operation(request)) {
      case RECEIVE -> receive(body);
      case DELETE -> delete(body);
      case DELETE_BATCH -> deleteBatch(body);
      case HIDE -> hide(body);
      default -> error(400, "UnsupportedOperation", "The operation is not supported.");
    };
  }

  private Answer receive(JsonNode body) throws InterruptedException {
    var most = body.path("MaxNumberOfMessages").asInt(1);
    var wait = body.path("WaitTimeSeconds").asInt(0);
    if (most < 1 || most > 10) {
      return error(400, "InvalidParameterValue", "MaxNumberOfMessages must be from 1 to 10.");
    }
    if (wait < 0 || wait > 20) {
      return error(400, "InvalidParameterValue", "WaitTimeSeconds must be from 0 to 20.");
    }
    var hidden =
        body.has("VisibilityTimeout")
            ? Duration.ofSeconds(body.get("VisibilityTimeout").asInt())
            : options.visibility;
    var answer = Jsons.object();
    for (var message : queue.receive(most, Duration.ofSeconds(wait), hidden)) {
      answer.withArray("Messages").add(json(message));
    }
    return ok(answer);
  }

  private static ObjectNode json(SqsQueue.Received message) {
    var json = Jsons.object();
    json.put("MessageId", message.id());
    json.put("ReceiptHandle", message.handle());
    json.put("MD5OfBody", md5(message.body()));
    json.put("Body", message.body());
    json.putObject("Attributes").put("ApproximateReceiveCount", "" + message.receipts());
    return json;
  }

  private Answer delete(JsonNode body) {
    if (!body.path("ReceiptHandle").isTextual()) {
      return error(400, "MissingParameter", "The request must contain ReceiptHandle.");
    }
    queue.delete(body.get("ReceiptHandle").asText());
    return ok(Jsons.object());
  }

  private Answer deleteBatch(JsonNode body) {
    if (body.path("Entries").isEmpty()) {
      return error(400, "EmptyBatchRequest", "There should be at least one entry.");
    }
    var answer = Jsons.object();
    var done = answer.putArray("Successful");
    answer.putArray("Failed");
    for (var entry : body.get("Entries")) {
      queue.delete(entry.path("ReceiptHandle").asText());
      done.addObject().put("Id", entry.path("Id").asText());
    }
    return ok(answer);
  }

  private Answer hide(JsonNode body) {
    var seconds = body.path("VisibilityTimeout").asInt(-1);
    if (seconds < 0 || seconds > 43_200) {
      return error(400, "InvalidParameterValue", "VisibilityTimeout must be from 0 to 43200.");
    }
    return queue.hide(body.path("ReceiptHandle").asText(), Duration.ofSeconds(seconds))
        ? ok(Jsons.object())
        : error(400, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
  }

  private static Answer ok(ObjectNode body) {
    return Answer.json(200, body).header("Content-Type", "application/x-amz-json-1.0");
  }

  private static Answer error(int status, String code, String message) {
    return Answer.json(
            status,
            Jsons.object().put("__type", "com.amazonaws.sqs#" + code).put("message", message))
        .header("Content-Type", "application/x-amz-json-1.0");
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("MD5 is part of every JDK", e);
    }
  }
}
