--liquibase formatted sql
--property name:a value:b dbms:h2
--changeset "a b":"1" runOnChange:true context:"x, y" endDelimiter:/ stripComments:false
--preconditions onFail:HALT
--precondition-sql-check expectedResult:0 select count(*) from t
--comment: c
--labels: l1
--validCheckSum: ANY
select ${a}
/
--rollback changesetId:1 changesetAuthor:a
/* liquibase rollback
select 2
*/
--ignoreLines:2
x
y
