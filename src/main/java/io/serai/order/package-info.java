/** The words of the trade, free of any channel. */
package io.serai.order;
