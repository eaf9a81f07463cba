/** Plays a connector's other side and judges how the connector stands it. */
package io.serai.conformance;
