/**
 * Tells people that something needs them: once for each cause, again while it stands, and when it
 * is over.
 */
package io.serai.alert;
