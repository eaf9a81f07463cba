package io.serai.simulator;

/** A carrier's own protocol over what it keeps. */
interface CarrierApi {
  /** Answers a call. */
  Answer answer(Request request) throws Exception;

  /** What it tells of the newest scan of a parcel, as it writes it; null when it tells nothing. */
  Webhook told(CarrierParcel parcel);

  /** The headers that prove a webhook. */
  java.util.Map<String, String> headers(Webhook webhook);
}
