//! The model and the feed.

use actix_web::{HttpRequest, web};
use labgate_core::model::{Appointment, Event, Order, Report};

use super::{
    Desk, endpoint,
    error::ApiError,
    page::{EventPage, List, Page},
    query::{Query, id},
};
use crate::store::{StoreError, appointments, events, orders, reports};

type Answer<T> = Result<web::Json<T>, ApiError>;

pub(super) async fn orders(request: HttpRequest, desk: web::Data<Desk>) -> Answer<Page<Order>> {
    desk.keys.admit(&request, &endpoint::ORDERS)?;
    let query = Query::read(&request, &endpoint::ORDERS)?;
    let limit = query.limit()?;
    let filter = orders::Filter {
        plugin: query.text("plugin"),
        provider_order_id: query.text("provider_order_id"),
        status: query.word("status")?,
        phase: query.word("phase")?,
        updated_after: query.time("updated_after")?,
        before: query.cursor()?,
        limit: limit + 1,
    };
    let rows = desk.store.read(move |open| orders::list(open, &filter)).await?;
    Ok(web::Json(Page::new(rows, limit)))
}

pub(super) async fn order(request: HttpRequest, desk: web::Data<Desk>) -> Answer<Order> {
    desk.keys.admit(&request, &endpoint::ORDER)?;
    let id = id(&request, &endpoint::ORDER, "order")?;
    found(desk.store.read(move |open| orders::find(open, id)).await?, "order")
}

pub(super) async fn appointments(
    request: HttpRequest,
    desk: web::Data<Desk>,
) -> Answer<List<Appointment>> {
    desk.keys.admit(&request, &endpoint::APPOINTMENTS)?;
    let id = id(&request, &endpoint::APPOINTMENTS, "order")?;
    let find = move |open: &mut _| -> Result<_, StoreError> {
        let Some(_) = orders::find(open, id)? else { return Ok(None) };
        Ok(Some(List { data: appointments::of_order(open, id)? }))
    };
    found(desk.store.read(find).await?, "order")
}

pub(super) async fn reports(request: HttpRequest, desk: web::Data<Desk>) -> Answer<List<Report>> {
    desk.keys.admit(&request, &endpoint::REPORTS)?;
    let id = id(&request, &endpoint::REPORTS, "order")?;
    let find = move |open: &mut _| -> Result<_, StoreError> {
        let Some(_) = orders::find(open, id)? else { return Ok(None) };
        Ok(Some(List { data: reports::of_order(open, id)?.into_iter().rev().collect() }))
    };
    found(desk.store.read(find).await?, "order")
}

pub(super) async fn report(request: HttpRequest, desk: web::Data<Desk>) -> Answer<Report> {
    desk.keys.admit(&request, &endpoint::REPORT)?;
    let id = id(&request, &endpoint::REPORT, "report")?;
    found(desk.store.read(move |open| reports::find(open, id)).await?, "report")
}

pub(super) async fn events(
    request: HttpRequest,
    desk: web::Data<Desk>,
) -> Answer<EventPage<Event>> {
    desk.keys.admit(&request, &endpoint::EVENTS)?;
    let query = Query::read(&request, &endpoint::EVENTS)?;
    let (after, limit) = (query.seq("after")?.unwrap_or(0), query.limit()?);
    let data = desk.store.read(move |open| events::after(open, after, limit)).await?;
    let next_after = data.last().map_or(after, |event| event.seq);
    Ok(web::Json(EventPage { data, next_after }))
}

fn found<T>(value: Option<T>, what: &'static str) -> Answer<T> {
    value.map(web::Json).ok_or(ApiError::NotFound(what))
}
