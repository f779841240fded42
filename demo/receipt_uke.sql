-- The claims of the month before :day as lines of RECEIPTC.UKE, in UTF-8.
--
-- GO's first total is not the number of RE: each receipt counts one for its
-- insurer (HO) and one for every public payer (KO).  Its second total adds the
-- points of HO or, where there is none, of the first KO.

create temporary view receipt as
select a.ptid, row_number() over (order by a.ptid) as n,
	to_char(min(a.sryymd), 'YYYYMM') as month,
	count(distinct a.sryymd) as days, sum(t.ten * a.kaisu) as points,
	(select count(*) from tbl_pthkninf h where h.ptid = a.ptid) as insurers,
	(select count(*) from tbl_ptkohinf k where k.ptid = a.ptid) as payers
from tbl_sryact a join tbl_tensu t using (srycd)
where date_trunc('month', a.sryymd)
	= date_trunc('month', :'day'::date) - interval '1 month'
group by a.ptid;

select line from (
	select 0 as n, 0 as part, 0 as i, 'IR,1,13,1,9999999,,控えの里病院,'
		|| to_char(:'day'::date, 'YYYYMM') || ',00,' as line
	union all
	-- 1112 insurer alone, 1122 and 1132 with payers, 1212 a payer alone
	select n, 1, 0, concat_ws(',', 'RE', n,
		case insurers when 0 then '12' else '11' end
			|| insurers + payers || '2',
		month, name, sex, to_char(birthday, 'YYYYMMDD'), '', '', '',
		'', '', '', ptnum)
	from receipt join tbl_ptinf using (ptid)
	union all
	select n, 2, 0, concat_ws(',', 'HO', hknjanum, kigo, num, days, points,
		'', '', '')
	from receipt join tbl_pthkninf using (ptid)
	union all
	select n, 3, kohid, concat_ws(',', 'KO', ftnjanum, jkysnum, '', days,
		points, '')
	from receipt join tbl_ptkohinf using (ptid)
	union all
	select n, 4, 0, concat_ws(',', 'SY', byomeicd, month || '01', '1', '',
		byomei, '01', '')
	from receipt join tbl_byomei
		on byomeicd = '999000' || 1 + ptid % 8
	union all
	select n, 5, a.id, concat_ws(',', 'SI', srykbn, '1', srycd, '', ten,
		kaisu)
	from receipt r join tbl_sryact a on a.ptid = r.ptid
		and to_char(a.sryymd, 'YYYYMM') = r.month
		join tbl_tensu using (srycd)
	union all
	select 1 + max(n), 9, 0, concat_ws(',', 'GO', sum(insurers + payers),
		sum(points), '99')
	from receipt
) lines order by n, part, i;
