-- A claims computer's database, in the manner of Japan's receipt computers.
-- Patients come from people.awk; every code here is made up.
-- psql -v day=YYYY-MM-DD: the first day; what happened before is made here.

create table tbl_ptinf (
	ptid integer primary key,
	ptnum char(8) not null unique,
	name text not null,
	kananame text not null,
	sex char(1) not null check (sex in ('1', '2')),
	birthday date not null,
	upymd timestamp not null
);
comment on table tbl_ptinf is '患者';
insert into tbl_ptinf
select number::integer, number, replace(name, '^', '　'),
	replace(kana, '^', '　'), case sex when 'M' then '1' else '2' end,
	birthday, :'day'::date - number::integer % 400
from people;
drop table people;

-- Insurance: every 23rd patient has none (public assistance only).
create table tbl_pthkninf (
	ptid integer primary key references tbl_ptinf,
	hknjanum char(8) not null,
	kigo text not null,
	num text not null
);
comment on table tbl_pthkninf is '保険';
insert into tbl_pthkninf
select ptid, '06' || lpad((130000 + ptid % 37)::text, 6, '0'),
	(100 + ptid % 90)::text, (1000 + ptid)::text
from tbl_ptinf where ptid % 23 <> 0;

-- Public payers: one for every 7th patient, a second for every 41st.
create table tbl_ptkohinf (
	ptid integer not null references tbl_ptinf,
	kohid smallint not null,
	ftnjanum char(8) not null,
	jkysnum char(7) not null,
	primary key (ptid, kohid)
);
comment on table tbl_ptkohinf is '公費';
insert into tbl_ptkohinf
select ptid, 1, case when ptid % 23 = 0 then '12' else '51' end || '999001',
	lpad((ptid * 7)::text, 7, '0')
from tbl_ptinf where ptid % 7 = 0 or ptid % 23 = 0 or ptid % 41 = 0;
insert into tbl_ptkohinf
select ptid, 2, '54999002', lpad((ptid * 3)::text, 7, '0')
from tbl_ptinf where ptid % 41 = 0;

create table tbl_byomei (
	byomeicd char(7) primary key,
	byomei text not null
);
insert into tbl_byomei values
	('9990001', '高血圧症'), ('9990002', '２型糖尿病'),
	('9990003', '急性上気道炎'), ('9990004', '変形性膝関節症'),
	('9990005', '脂質異常症'), ('9990006', '慢性胃炎'),
	('9990007', '気管支喘息'), ('9990008', '腰痛症');

create table tbl_tensu (
	srycd char(9) primary key,
	srykbn char(2) not null,
	name text not null,
	ten integer not null check (ten > 0)
);
comment on table tbl_tensu is '点数';
insert into tbl_tensu values
	('199900001', '11', '初診', 290), ('199900002', '12', '再診', 75),
	('199900003', '13', '医学管理', 225), ('199900004', '21', '処方', 68),
	('199900005', '60', '血液検査', 99), ('199900006', '60', '生化学検査', 106),
	('199900007', '60', '心電図', 130), ('199900008', '70', '単純撮影', 210),
	('199900009', '70', 'ＣＴ撮影', 900), ('199900010', '40', '処置', 52);

create table tbl_sryact (
	id serial primary key,
	ptid integer not null references tbl_ptinf,
	sryymd date not null,
	srycd char(9) not null references tbl_tensu,
	kaisu integer not null default 1 check (kaisu > 0)
);
comment on table tbl_sryact is '診療行為';
create index on tbl_sryact (sryymd);

-- The visits of one day: every patient comes about once in eighteen days.
create function visits(day date) returns void language sql as $$
	insert into tbl_sryact (ptid, sryymd, srycd, kaisu)
	select ptid, day,
		'1999000' || lpad((1 + (ptid * k + day_no) % 10)::text, 2, '0'),
		1 + (ptid + k) % 2
	from (select *, (day - date '2020-01-01') as day_no from tbl_ptinf) p,
		generate_series(1, 4) k
	where (ptid * 5 + day_no * 11) % 18 = 0
		and extract(isodow from day) <> 7
	order by ptid, k;
$$;

-- From the first of the month before on, until yesterday.
select count(visits(d::date)) as days
from generate_series(date_trunc('month', :'day'::date) - interval '1 month',
	:'day'::date - 1, interval '1 day') d;
