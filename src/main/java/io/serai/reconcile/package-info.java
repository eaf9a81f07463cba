/**
 * What channels and partners have in their books against what we have in ours: compared, listed and
 * put right.
 */
package io.serai.reconcile;
