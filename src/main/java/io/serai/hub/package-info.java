/**
 * Applying one canonical document: order, stock, decision and what we now owe, in one transaction.
 */
package io.serai.hub;
