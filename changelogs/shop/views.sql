--liquibase formatted sql

--changeset ann:revenue runOnChange:true
--comment What each customer has bought
create view revenue as
select c.name, sum(p.total) as total
from customer c join purchase p on p.customer_id = c.id
group by c.name;
--rollback drop view revenue;
