/** What is where, what is promised, what may be sold. */
package io.serai.stock;
