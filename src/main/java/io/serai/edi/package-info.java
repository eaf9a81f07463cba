/**
 * X12 and EDIFACT in and out: what a file holds is read, judged and acknowledged set by set, and
 * what is written passes the same judgment.
 */
package io.serai.edi;
