/**
 * How files get from a partner's folder into the inbox and from the outbox into the partner's
 * folder, and what is remembered of them meanwhile.
 */
package io.serai.transport;
