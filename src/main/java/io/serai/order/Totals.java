package io.serai.order;

/**
 * The order's amounts.
 *
 * @param items unit prices times ordered quantities, before any discount
 * @param discount every discount: of lines, of shipping and of the order
 * @param shipping before its discounts
 * @param tax every tax; part of the prices when the order says that prices include tax
 * @param gratuity tips that are not a line
 * @param grandTotal what our reading of the parts adds up to
 * @param channelGrandTotal what the channel says; never repaired
 */
public record Totals(
    Money items,
    Money discount,
    Money shipping,
    Money tax,
    Money fees,
    Money duties,
    Money gratuity,
    Money rounding,
    Money grandTotal,
    Money channelGrandTotal) {}
